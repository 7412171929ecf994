using System.Buffers;
using System.IO.Pipelines;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// A body that is sent while it is written. Unsent bytes are buffered, so that a slow client does not block the writer: use it only for
/// bodies of limited size. A small body is sent at once, with its length; a larger one takes its memory from <see cref="BodyMemory"/>.
/// </summary>
internal sealed class PipedBody : IAsyncDisposable
{
    /// <summary>Minimum bytes of a send.</summary>
    public const int PartSize = 32 * 1024;

    private readonly Pipe _pipe = new(
        new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: PartSize, useSynchronizationContext: false));
    private readonly HttpResponse _response;
    private readonly string _contentType;
    private readonly CancellationToken _cancellation;
    private readonly BodyMemory.Lease _memory;
    private long _written;
    private Task? _sending;

    public PipedBody(HttpResponse response, string contentType, CancellationToken cancellation)
    {
        (_response, _contentType, _cancellation) = (response, contentType, cancellation);
        _memory = BodyMemory.Of(response.HttpContext).Open(response.HttpContext);
    }

    public IBufferWriter<byte> Output => _pipe.Writer;

    /// <summary>Whether there is memory for a body of so many bytes; if not, it should end.</summary>
    public bool HasRoom(long bytes) => bytes <= BodyMemory.FreeBytes || _memory.TryResize(bytes);

    /// <summary>Bytes of the whole body so far.</summary>
    public long Written => _written + _pipe.Writer.UnflushedBytes;

    /// <summary>Bytes that were written since the last send.</summary>
    public long Unsent => _pipe.Writer.UnflushedBytes;

    /// <summary>Whether sending has started; the headers cannot be changed after that.</summary>
    public bool IsBegun => _sending is not null;

    /// <summary>Sends the headers and the bytes written so far.</summary>
    public async ValueTask SendAsync()
    {
        _written += _pipe.Writer.UnflushedBytes;
        await _pipe.Writer.FlushAsync(_cancellation);
        if (_sending is not null)
            return;
        _response.ContentType = _contentType;
        _sending = Task.Run(CopyAsync, CancellationToken.None);

        async Task CopyAsync()
        {
            // start the response: an error after this point must abort the connection instead of replacing the body
            await _response.StartAsync(_cancellation);
            await CopyPartsAsync();
        }
    }

    private async Task CopyPartsAsync()
    {
        while (true)
        {
            var read = await _pipe.Reader.ReadAsync(_cancellation);
            foreach (var part in read.Buffer)
                await Slices.SendAsync(_response, part, _memory, _cancellation);
            _pipe.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    /// <summary>Sends the rest and waits until all is sent.</summary>
    public async Task EndAsync()
    {
        if (_sending is null)
        {
            _response.ContentType = _contentType;
            _response.ContentLength = _pipe.Writer.UnflushedBytes;
            await _pipe.Writer.FlushAsync(_cancellation);
            _sending = CopyPartsAsync();
        }

        await _pipe.Writer.CompleteAsync();
        await _sending;
    }

    /// <summary>Aborts an incomplete body, so that the client does not take it for complete.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pipe.Writer.CompleteAsync(new OperationCanceledException("The body is incomplete."));
        if (_sending is not null)
            await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pipe.Reader.CompleteAsync();
        _memory.Dispose();
    }
}
