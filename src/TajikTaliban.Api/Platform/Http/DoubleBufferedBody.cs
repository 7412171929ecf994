using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// A body of any length in two buffers: one is sent while the other is filled. Only <see cref="SendAsync"/> waits for the client. The
/// buffers begin small and grow while the client takes them at once and there is memory; for a slow client they are small again.
/// </summary>
internal sealed class DoubleBufferedBody : IAsyncDisposable
{
    /// <summary>Bytes of a part for a slow client, and for a fast one.</summary>
    public const int MinPartSize = 32 * 1024;

    public const int MaxPartSize = 1024 * 1024;

    /// <summary>A client that takes a part in this time is fast; one that takes ten times as long is slow.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(100);

    private readonly HttpResponse _response;
    private readonly CancellationToken _cancellation;
    private readonly IncrementalHash? _digest;
    private readonly BodyMemory.Lease _memory;
    private readonly Current _output;
    private PooledBody _filled = new(MinPartSize);
    private PooledBody _sent = new(MinPartSize);
    private Task<TimeSpan> _sending = Task.FromResult(TimeSpan.Zero);
    private int _read;

    public DoubleBufferedBody(HttpResponse response, CancellationToken cancellation, IncrementalHash? digest = null)
    {
        (_response, _cancellation, _digest) = (response, cancellation, digest);
        _memory = BodyMemory.Of(response.HttpContext).OpenStream(response.HttpContext);
        _output = new Current(this);
    }

    /// <summary>Writes into the buffer that is currently filled.</summary>
    public IBufferWriter<byte> Output => _output;

    /// <summary>Bytes after which a buffer is full and should be sent.</summary>
    public int PartSize { get; private set; } = MinPartSize;

    public bool IsFull => _filled.Length > PartSize;

    /// <summary>Waits until the other buffer is sent, starts to send this one, and swaps them.</summary>
    /// <param name="read">
    /// Bytes of the records that were read for it: a part of a few of their fields is small, however many of them it has.
    /// </param>
    public async Task SendAsync(int read = 0)
    {
        var time = await _sending;
        Adapt(time);
        _read = read;
        _digest?.AppendData(_filled.Written.Span);
        _sending = WriteAsync(_filled.Written);
        (_filled, _sent) = (_sent, _filled);
        _filled.Clear(PartSize);
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
        await ((Task)_sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _filled.Dispose();
        _sent.Dispose();
        _memory.Dispose();
    }

    private void Adapt(TimeSpan time)
    {
        if (time > 10 * Prompt)
        {
            PartSize = MinPartSize;
            _memory.TryResize(0);
        }
        else if (time < Prompt && PartSize < MaxPartSize && Math.Max(_sent.Length, _read) > PartSize / 4
            && _memory.TryResize(4L * PartSize))
        {
            // two buffers of twice the size
            PartSize *= 2;
        }
    }

    /// <summary>Writes a part, and what compression holds back of it; returns how long the client took.</summary>
    private async Task<TimeSpan> WriteAsync(ReadOnlyMemory<byte> part)
    {
        var began = Stopwatch.GetTimestamp();
        await Slices.SendAsync(_response, part, _memory, _cancellation);
        await _response.Body.FlushAsync(_cancellation);
        return Stopwatch.GetElapsedTime(began);
    }

    private sealed class Current(DoubleBufferedBody owner) : IBufferWriter<byte>
    {
        public void Advance(int count) => owner._filled.Advance(count);

        public Memory<byte> GetMemory(int sizeHint = 0) => owner._filled.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => owner._filled.GetSpan(sizeHint);
    }
}
