using System.Net;

namespace TajikTaliban.Client;

/// <summary>A response that cannot be used: an error of the service (<see cref="ProblemException"/>), or one that is not JSON as the
/// contract says.</summary>
public class ApiException : Exception
{
    internal ApiException(string message, int status, string? response,
        IReadOnlyDictionary<string, IEnumerable<string>> headers, Exception? inner) : base(message, inner) =>
        (Status, Response, Headers) = ((HttpStatusCode)status, response, headers);

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The body, if it was read as text.</summary>
    public string? Response { get; }

    /// <summary>The headers of the response.</summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> Headers { get; }

    internal string? Header(string name) => Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Value?.FirstOrDefault();
}
