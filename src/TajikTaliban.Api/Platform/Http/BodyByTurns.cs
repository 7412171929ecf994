using System.Buffers;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// A body of any length, of which one part is sent while the next is filled. Whoever fills it waits for the client only between two parts,
/// where he need hold nothing; and no more than two parts are held.
/// </summary>
internal sealed class BodyByTurns(HttpResponse response, CancellationToken cancellation) : IAsyncDisposable
{
    /// <summary>Bytes after which a part is better sent than filled further.</summary>
    public const int PartSize = 4 * 1024 * 1024;

    private PooledBody _filled = new();
    private PooledBody _sent = new();
    private Task _sending = Task.CompletedTask;

    /// <summary>The part that is being filled.</summary>
    public IBufferWriter<byte> Part => _filled;

    public bool IsFull => _filled.Length > PartSize;

    /// <summary>Waits until the part before is sent, and begins to send this one; the next is empty.</summary>
    public async Task SendAsync()
    {
        await _sending;
        _sending = response.Body.WriteAsync(_filled.Written, cancellation).AsTask();
        (_filled, _sent) = (_sent, _filled);
        _filled.Clear();
    }

    /// <summary>Sends what there is and waits until it is sent.</summary>
    public async Task EndAsync()
    {
        await SendAsync();
        await _sending;
    }

    public async ValueTask DisposeAsync()
    {
        // its memory is lent
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _filled.Dispose();
        _sent.Dispose();
    }
}
