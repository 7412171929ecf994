using System.Globalization;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Platform.Answers;

/// <summary>Settings of the answers in memory: <c>Answers</c>.</summary>
public sealed class AnswerOptions
{
    public const string Section = "Answers";

    /// <summary>Bytes that the answers may take together; 0 keeps none.</summary>
    public long MaxBytes { get; set; } = 64L * 1024 * 1024;
}

/// <summary>
/// Answers that were asked for twice, in memory. None is ever removed because it is out of date: an answer is sent again only while the
/// tables that it was read from have no later position. Decision 0041.
/// </summary>
public sealed class AnswerCache : IDisposable
{
    /// <summary>The size of the largest answer that is kept.</summary>
    private const int MaxBody = 1024 * 1024;

    /// <summary>What an answer takes besides its body, about.</summary>
    private const int Overhead = 2048;

    /// <summary>In the form of RFC 9211.</summary>
    private const string Hit = "memory; hit";

    private const int AskedOnce = 64 * 1024;
    private readonly LastChanges _changes;
    private readonly IResponseCompressionProvider _compression;
    private readonly MemoryCache? _answers;

    /// <summary>Hashes of the requests that were asked for once, each at its own place.</summary>
    private readonly int[] _asked = new int[AskedOnce];

    public AnswerCache(LastChanges changes, IResponseCompressionProvider compression, IOptions<AnswerOptions> options)
    {
        (_changes, _compression) = (changes, compression);
        if (options.Value.MaxBytes > 0)
            _answers = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.MaxBytes, CompactionPercentage = 0.1 });
    }

    /// <summary>Answers from memory, or lets the request pass and keeps its answer if it is asked for again.</summary>
    internal Task ServeAsync(HttpContext http, RequestDelegate next)
    {
        if (_answers is null || !MayBeKept(http))
            return next(http);
        var key = new AnswerKey(http.Request.Path.Value!, http.Request.QueryString.Value ?? "", http.Request.Headers.Accept.ToString());
        if (_answers.Get(key) is Answer answer && _changes.AreUnchangedSince(answer.Read, answer.Tables))
            return SendAsync(http, key, answer);
        var hash = key.GetHashCode();
        if (Interlocked.Exchange(ref _asked[(uint)hash % AskedOnce], hash) == hash)
            http.Features.Set(new AnswerSlot(this, key, _changes.Now));
        return next(http);
    }

    internal void Keep(AnswerKey key, int bytes, Func<Answer> answer)
    {
        if (bytes <= MaxBody)
            _answers?.Set(key, answer(), new MemoryCacheEntryOptions { Size = bytes + Overhead });
    }

    public void Dispose() => _answers?.Dispose();

    /// <summary>An answer depends on nothing but its key: nobody's key, no condition on a position, no HEAD.</summary>
    private static bool MayBeKept(HttpContext http)
    {
        var request = http.Request;
        return HttpMethods.IsGet(request.Method) && !HeadRequest.Is(http) && request.Headers.Authorization.Count == 0
            && !request.Headers.ContainsKey(Positions.MinHeader) && request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
    }

    private async Task SendAsync(HttpContext http, AnswerKey key, Answer answer)
    {
        var headers = http.Response.Headers;
        headers["Cache-Status"] = Hit;
        foreach (var (name, value) in answer.Headers)
            headers[name] = value;
        var date = answer.Modified is { } instant ? LastModified.DateOrNull(instant, LastModified.Now(http)) : null;
        if (date is { } second)
            headers.LastModified = second.ToString("R", CultureInfo.InvariantCulture);
        if (RecordETag.IsCurrent(http.Request, answer.ETag, date))
        {
            headers.ContentType = default;
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var body = answer.Body;
        if (_compression.CheckRequestAcceptsCompression(http) && _compression.ShouldCompressResponse(http)
            && _compression.GetCompressionProvider(http) is { } provider)
        {
            body = await CompressedAsync(key, answer, provider, http.RequestAborted);
            headers.ContentEncoding = provider.EncodingName;
        }

        headers.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    private async ValueTask<byte[]> CompressedAsync(
        AnswerKey key, Answer answer, ICompressionProvider provider, CancellationToken cancellation)
    {
        var compressed = (key, answer.Read, provider.EncodingName);
        if (_answers?.Get(compressed) is CompressedAnswer kept && ReferenceEquals(kept.Of, answer))
            return kept.Body;
        using var body = new MemoryStream();
        await using (var stream = provider.CreateStream(body))
            await stream.WriteAsync(answer.Body, cancellation);
        kept = new CompressedAnswer(answer, body.ToArray());
        _answers?.Set(compressed, kept, new MemoryCacheEntryOptions { Size = kept.Body.Length + Overhead });
        return kept.Body;
    }

    private sealed record CompressedAnswer(Answer Of, byte[] Body);
}

/// <summary>The answers in memory in the pipeline.</summary>
public static class AnswerCaching
{
    public static void AddAnswers(this IServiceCollection services)
    {
        services.AddOptions<AnswerOptions>().BindConfiguration(AnswerOptions.Section)
            .Validate(o => o.MaxBytes is >= 0 and <= 16L * 1024 * 1024 * 1024, "Answers:MaxBytes is from 0 to 17179869184.")
            .ValidateOnStart();
        services.AddSingleton<AnswerCache>();
    }

    /// <summary>Before compression, which answers from memory do on their own.</summary>
    public static void UseAnswers(this WebApplication app)
    {
        var answers = app.Services.GetRequiredService<AnswerCache>();
        app.Use(answers.ServeAsync);
    }
}
