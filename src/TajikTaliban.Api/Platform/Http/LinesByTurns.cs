using System.Buffers;
using System.Text.Json;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// Lines of JSON, of any number, of which one part is sent while the next is filled. Whoever fills it waits for the client only between two
/// parts, where he need hold nothing; and no more than two parts are held.
/// </summary>
internal sealed class LinesByTurns(HttpResponse response, CancellationToken cancellation) : IAsyncDisposable
{
    /// <summary>Bytes after which a part is better sent than filled further.</summary>
    public const int PartSize = 4 * 1024 * 1024;

    private readonly Utf8JsonWriter _json = new(Stream.Null, ApiJson.Writing);
    private PooledBody _filled = new();
    private PooledBody _sent = new();
    private Task _sending = Task.CompletedTask;

    public bool IsFull => _filled.Length > PartSize;

    /// <summary>Adds a line: one object, which is written.</summary>
    public void Add(Action<Utf8JsonWriter> write)
    {
        _json.Reset(_filled);
        write(_json);
        _json.Flush();
        _filled.Write("\n"u8);
    }

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
        await _json.DisposeAsync();
        _filled.Dispose();
        _sent.Dispose();
    }
}
