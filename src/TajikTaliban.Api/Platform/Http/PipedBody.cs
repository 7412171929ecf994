using System.Buffers;
using System.IO.Pipelines;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// A body whose beginning is sent while the rest is still made. What is not sent yet is kept, so that a slow client does not hold up
/// whoever makes it: it is for bodies of a size that is limited. A small one is sent as a whole, with its length.
/// </summary>
internal sealed class PipedBody : IAsyncDisposable
{
    /// <summary>Bytes that are worth sending.</summary>
    public const int PartSize = 32 * 1024;

    private readonly Pipe _pipe = new(
        new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: PartSize, useSynchronizationContext: false));
    private readonly HttpResponse _response;
    private readonly string _contentType;
    private readonly CancellationToken _cancellation;
    private Task? _sending;

    public PipedBody(HttpResponse response, string contentType, CancellationToken cancellation) =>
        (_response, _contentType, _cancellation) = (response, contentType, cancellation);

    public IBufferWriter<byte> Output => _pipe.Writer;

    /// <summary>Bytes that were made since the last were sent.</summary>
    public long Unsent => _pipe.Writer.UnflushedBytes;

    /// <summary>Whether its beginning is being sent, and with it the headers: they are not changed any more.</summary>
    public bool IsBegun => _sending is not null;

    /// <summary>Begins to send what there is. The headers go with it.</summary>
    public async ValueTask SendAsync()
    {
        await _pipe.Writer.FlushAsync(_cancellation);
        if (_sending is not null)
            return;
        _response.ContentType = _contentType;
        _sending = Task.Run(CopyAsync, CancellationToken.None);

        async Task CopyAsync()
        {
            // from here on a failure cuts the body: nothing in between may still hold it back and take an error into it
            await _response.StartAsync(_cancellation);
            await _pipe.Reader.CopyToAsync(_response.Body, _cancellation);
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
            _sending = _pipe.Reader.CopyToAsync(_response.Body, _cancellation);
        }

        await _pipe.Writer.CompleteAsync();
        await _sending;
    }

    /// <summary>If the body was not ended, the connection is cut, so that nobody takes what there is for the whole.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pipe.Writer.CompleteAsync(new OperationCanceledException("The body is incomplete."));
        if (_sending is not null)
            await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pipe.Reader.CompleteAsync();
    }
}
