using System.Text.Json;

namespace TajikTaliban.Client;

/// <summary>An error of the service (RFC 9457).</summary>
public sealed class ProblemException : ApiException
{
    private static readonly Dictionary<string, IReadOnlyList<FieldError>> None = [];

    private ProblemException(Problem problem, int status, string? response, IReadOnlyDictionary<string, IEnumerable<string>> headers,
        TimeSpan? retryAfter) : base(MessageOf(problem, status), status, response, headers, null) =>
        (Problem, RetryAfter) = (problem, retryAfter);

    /// <summary>The whole problem, with its tombstone, <c>mergedInto</c>, <c>restart</c> and the like.</summary>
    public Problem Problem { get; }

    /// <summary>The stable code, for programs (<c>invalid-record</c>); empty if the response is a proxy's.</summary>
    public string Code => Problem.Code ?? "";

    /// <summary>All errors by place: JSON Pointers into the body (<c>/participants/0/actor</c>), or <c>/query/…</c>, <c>/path/…</c>,
    /// <c>/header/…</c>. Each has a code, a message in English, and in <c>Data</c> the parameters of the message.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FieldError>> Errors => Problem.Errors ?? None;

    /// <summary>After what time to try again; null if the service did not say.</summary>
    public TimeSpan? RetryAfter { get; }

    internal static async Task<ProblemException> FromAsync(HttpResponseMessage response, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => h.Value);
        return new(Read(text) ?? Unknown(response), (int)response.StatusCode, text, headers, RetryAfterOf(response, time));
    }

    private static Problem? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Problem>(text, TajikTalibanClient.Json) is { Code: not null } problem ? problem : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Problem Unknown(HttpResponseMessage response) => new()
    {
        Type = "about:blank",
        Code = "",
        Status = (int)response.StatusCode,
        Title = response.ReasonPhrase ?? "",
    };

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delay } => delay,
        { Date: { } date } => date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };

    private static string MessageOf(Problem problem, int status)
    {
        var errors = (problem.Errors ?? None).SelectMany(e => e.Value.Select(f => $" {e.Key}: {f.Message}"));
        return $"{status} {problem.Code}: {problem.Detail ?? problem.Title}{string.Concat(errors)}";
    }
}
