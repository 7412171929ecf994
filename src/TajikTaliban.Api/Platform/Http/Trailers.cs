using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// Trailers of a response (RFC 9110, 6.5). HTTP/2 has them by itself. Kestrel writes none in HTTP/1.1, but leaves the chunks to a response
/// that sets <c>Transfer-Encoding</c> itself: <see cref="ChunkedBody"/> then writes them, and the trailers after the last. A response that
/// breaks off has no last chunk, so that the client sees it.
/// </summary>
public static class Trailers
{
    /// <summary>Puts the chunks below everything that writes into a body, compression too.</summary>
    public static void UseTrailers(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (!HttpProtocol.IsHttp11(http.Request.Protocol) || !HttpMethods.IsGet(http.Request.Method) || HeadRequest.Is(http))
        {
            await next(http);
            return;
        }

        var below = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var body = new ChunkedBody(below);
        http.Features.Set<IHttpResponseBodyFeature>(body);
        http.Features.Set(body);
        try
        {
            await next(http);
            await body.EndAsync(http.RequestAborted);
        }
        finally
        {
            http.Features.Set(below);
        }
    });

    /// <summary>Announces trailers; before the response begins.</summary>
    public static void Announce(HttpResponse response, params string[] names)
    {
        if (HeadRequest.Is(response.HttpContext))
            return;
        if (response.SupportsTrailers())
        {
            response.Headers.Trailer = names;
        }
        else if (response.HttpContext.Features.Get<ChunkedBody>() is { } body)
        {
            response.Headers.Trailer = string.Join(", ", names);
            response.Headers.TransferEncoding = "chunked";
            body.Begin();
        }
    }

    /// <summary>Adds the value of a trailer that was announced. Where the protocol has no trailers (HTTP/1.0), nothing is added.</summary>
    public static void Add(HttpResponse response, string name, string value)
    {
        if (response.SupportsTrailers())
            response.AppendTrailer(name, value);
        else
            response.HttpContext.Features.Get<ChunkedBody>()?.Add(name, value);
    }

    /// <summary>Passes the body through until trailers are announced; then writes HTTP/1.1 chunks (RFC 9112, 7.1).</summary>
    private sealed class ChunkedBody(IHttpResponseBodyFeature below) : Stream, IHttpResponseBodyFeature
    {
        private readonly StringBuilder _trailers = new();
        private bool _isChunked;
        private PipeWriter? _writer;

        Stream IHttpResponseBodyFeature.Stream => this;

        PipeWriter IHttpResponseBodyFeature.Writer =>
            _isChunked ? _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true)) : below.Writer;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Begin() => _isChunked = true;

        public void Add(string name, string value) => _trailers.Append(name).Append(": ").Append(value).Append("\r\n");

        public async ValueTask EndAsync(CancellationToken cancellation)
        {
            if (!_isChunked)
                return;
            if (_writer is not null)
                await _writer.CompleteAsync();
            await below.Stream.WriteAsync(Encoding.ASCII.GetBytes($"0\r\n{_trailers}\r\n"), cancellation);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_isChunked)
            {
                await below.Stream.WriteAsync(buffer, cancellationToken);
            }
            else if (buffer.Length > 0)
            {
                await below.Stream.WriteAsync(Encoding.ASCII.GetBytes(buffer.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"),
                    cancellationToken);
                await below.Stream.WriteAsync(buffer, cancellationToken);
                await below.Stream.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new InvalidOperationException("Bodies are written asynchronously.");

        public override void Flush() => throw new InvalidOperationException("Bodies are written asynchronously.");

        public override Task FlushAsync(CancellationToken cancellationToken) => below.Stream.FlushAsync(cancellationToken);

        public void DisableBuffering() => below.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => below.StartAsync(cancellationToken);

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            below.SendFileAsync(path, offset, count, cancellationToken);

        public Task CompleteAsync() => below.CompleteAsync();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
