using System.Buffers;
using System.Security.Cryptography;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// A body of any length in two buffers: one is sent while the other is filled. Only <see cref="SendAsync"/> waits for the client;
/// memory stays at two buffers.
/// </summary>
internal sealed class DoubleBufferedBody(HttpResponse response, CancellationToken cancellation, IncrementalHash? digest = null)
    : IAsyncDisposable
{
    /// <summary>Bytes after which a buffer is full and should be sent.</summary>
    public const int PartSize = 4 * 1024 * 1024;

    private PooledBody _filled = new();
    private PooledBody _sent = new();
    private Task _sending = Task.CompletedTask;

    /// <summary>Writes into the buffer that is currently filled.</summary>
    public IBufferWriter<byte> Output => _output ??= new Current(this);

    private Current? _output;

    public bool IsFull => _filled.Length > PartSize;

    /// <summary>Waits until the other buffer is sent, starts to send this one, and swaps them.</summary>
    public async Task SendAsync()
    {
        await _sending;
        digest?.AppendData(_filled.Written.Span);
        _sending = WriteAsync(_filled.Written);
        (_filled, _sent) = (_sent, _filled);
        _filled.Clear();
    }

    /// <summary>Writes a part, and what compression holds back of it.</summary>
    private async Task WriteAsync(ReadOnlyMemory<byte> part)
    {
        await response.Body.WriteAsync(part, cancellation);
        await response.Body.FlushAsync(cancellation);
    }

    /// <summary>Sends the rest and waits until it is sent.</summary>
    public async Task EndAsync()
    {
        await SendAsync();
        await _sending;
    }

    public async ValueTask DisposeAsync()
    {
        // the response still reads the buffer
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _filled.Dispose();
        _sent.Dispose();
    }

    private sealed class Current(DoubleBufferedBody owner) : IBufferWriter<byte>
    {
        public void Advance(int count) => owner._filled.Advance(count);

        public Memory<byte> GetMemory(int sizeHint = 0) => owner._filled.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => owner._filled.GetSpan(sizeHint);
    }
}
