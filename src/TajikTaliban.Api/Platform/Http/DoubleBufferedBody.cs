using System.Buffers;
using System.Security.Cryptography;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// A body of any length in two buffers: one is sent while the other is filled. The writer waits for the client only in
/// <see cref="SendAsync"/>, when it needs to hold nothing else; memory stays at two buffers.
/// </summary>
internal sealed class DoubleBufferedBody(HttpResponse response, CancellationToken cancellation, IncrementalHash? digest = null) : IAsyncDisposable
{
    /// <summary>Bytes after which a buffer is better sent than filled further.</summary>
    public const int PartSize = 4 * 1024 * 1024;

    private PooledBody _filled = new();
    private PooledBody _sent = new();
    private Task _sending = Task.CompletedTask;

    /// <summary>The buffer that is being filled, whichever it is at the time.</summary>
    public IBufferWriter<byte> Output => _output ??= new Current(this);

    private Current? _output;

    public bool IsFull => _filled.Length > PartSize;

    /// <summary>Waits until the buffer before is sent, and begins to send this one; the next is empty.</summary>
    public async Task SendAsync()
    {
        await _sending;
        digest?.AppendData(_filled.Written.Span);
        _sending = response.Body.WriteAsync(_filled.Written, cancellation).AsTask();
        (_filled, _sent) = (_sent, _filled);
        _filled.Clear();
    }

    /// <summary>Sends the rest and waits until it is sent.</summary>
    public async Task EndAsync()
    {
        await SendAsync();
        await _sending;
    }

    public async ValueTask DisposeAsync()
    {
        // the response reads its memory
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
