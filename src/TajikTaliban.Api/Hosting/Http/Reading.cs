using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using TajikTaliban.Api.Platform.Answers;
using TajikTaliban.Api.Platform.Http;
using ZstdSharp;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>The HTTP features of reading: CORS, compression, HEAD, security headers.</summary>
internal static class Reading
{
    public static void AddReading(this IServiceCollection services)
    {
        services.AddCrossOrigins();
        services.AddResponseCompression(compression =>
        {
            // responses contain no secrets that their compressed length could reveal
            compression.EnableForHttps = true;
            // not server-sent events: each has to leave at once
            compression.MimeTypes = ["application/json", "application/problem+json", "application/x-ndjson", "application/geo+json",
                "application/atom+xml", "text/csv", "text/html", "text/css", "application/javascript", "text/javascript",
                "image/svg+xml"];
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<ZstdCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });
        services.AddAnswers();
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    public static void UseReading(this WebApplication app)
    {
        app.UseCrossOrigins();
        app.UseAnswers();
        app.UseResponseCompression();
    }

    /// <summary>HEAD is GET without the body, on every address; the server itself keeps the body back.</summary>
    public static void UseHeadAsGet(this WebApplication app) => app.Use((http, next) =>
    {
        if (HttpMethods.IsHead(http.Request.Method))
            HeadRequest.ServeAsGet(http);
        return next(http);
    });

    public static void UseServiceHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        CommonHeaders.Set(http);
        return next(http);
    });

    private sealed class ZstdCompressionProvider : ICompressionProvider
    {
        private const int Level = 3;

        public string EncodingName => "zstd";

        public bool SupportsFlush => true;

        public Stream CreateStream(Stream outputStream) => new CompressionStream(outputStream, Level, leaveOpen: true);
    }
}
