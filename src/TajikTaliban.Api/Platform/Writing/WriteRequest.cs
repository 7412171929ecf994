using System.Runtime.InteropServices;
using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The body of a request to write.</summary>
/// <param name="value">The body as the operation takes it.</param>
/// <param name="digest">The digest of the request; called only if the request has an idempotency key.</param>
/// <param name="owner">Disposed with the body.</param>
public sealed class RequestBody<T>(T value, Func<byte[]> digest, IDisposable? owner = null) : IDisposable
{
    public T Value => value;

    public byte[] Digest() => digest();

    public void Dispose() => owner?.Dispose();
}

/// <summary>How a request to write is read.</summary>
/// <param name="ReadAsync">Reads the body.</param>
/// <param name="DefaultCause">The cause of the change where the request gives none.</param>
public sealed record WriteRequest<T>(Func<HttpContext, CancellationToken, Task<RequestBody<T>>> ReadAsync, string? DefaultCause = null)
{
    /// <summary>How a response with a secret is kept under an idempotency key; null for responses without one.</summary>
    public ResponseSeal? Seal { get; init; }

    /// <summary>How long the write waits for others.</summary>
    public WriteLimits Limits { get; init; } = WriteLimits.OfRequests;

    /// <summary>
    /// Whether the write is an entry of the audit log, with the address of the request. False for what readers send: of them no address
    /// is kept.
    /// </summary>
    public bool IsAudited { get; init; } = true;
}

/// <summary>Seals the bodies of responses that are kept for repetitions.</summary>
/// <param name="Close">Seals a body.</param>
/// <param name="OpenOrNull">Opens it; null if it was sealed with another key.</param>
public sealed record ResponseSeal(Func<byte[], byte[]> Close, Func<byte[], byte[]?> OpenOrNull);

/// <summary>The requests to write.</summary>
public static class WriteRequest
{
    private static readonly string[] JsonMediaTypes = ["application/json"];

    /// <summary>A request without a body.</summary>
    public static WriteRequest<JsonElement> WithoutBody { get; } =
        new((http, _) => Task.FromResult(new RequestBody<JsonElement>(default, () => IdempotentWrite.Digest(http.Request, []))));

    /// <summary>A request whose body is JSON of the operation's own form.</summary>
    /// <param name="mediaTypes">The media types that are accepted.</param>
    /// <param name="allowDoubled">Whether the operation itself reports duplicate fields.</param>
    public static WriteRequest<JsonElement> Json(IReadOnlyList<string> mediaTypes, bool allowDoubled) => new(async (http, cancellation) =>
    {
        var document = await BodyReader.ReadJsonAsync(http.Request, mediaTypes, allowDoubled, cancellation);
        return new RequestBody<JsonElement>(document.RootElement, () => Digest(http, document), document);
    });

    /// <summary>A request whose body is a <typeparamref name="T"/> that the validator accepts.</summary>
    public static WriteRequest<T> Valid<T>(IValidator<T> validator, string? defaultCause = null)
        where T : class => new(
            async (http, cancellation) =>
            {
                var document = await BodyReader.ReadJsonAsync(http.Request, JsonMediaTypes, true, cancellation);
                var value = await ValidBody.ReadAsync(document.RootElement, validator, null, cancellation);
                return new RequestBody<T>(value, () => Digest(http, document), document);
            }, defaultCause);

    private static byte[] Digest(HttpContext http, JsonDocument body) =>
        IdempotentWrite.Digest(http.Request, JsonMarshal.GetRawUtf8Value(body.RootElement));
}
