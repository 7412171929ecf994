using System.Net;

namespace TajikTaliban.Client;

/// <summary>Sends all requests: adds <c>asOf</c>, tries safe ones again, and makes exceptions of errors.</summary>
internal sealed class ServiceConnection(HttpClient http, TajikTalibanClientOptions options, string? asOf) : IDisposable
{
    private static readonly string UserAgent = $"TajikTaliban.Client/{Contract.Version}";

    /// <summary>Gives a response with a status of success, or throws.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion,
        CancellationToken cancellationToken)
    {
        request.RequestUri = AddressOf(request);
        if (http.DefaultRequestHeaders.UserAgent.Count == 0)
            request.Headers.UserAgent.ParseAdd(UserAgent);
        var sent = request;
        for (var retry = 0; ; retry++)
        {
            var response = await http.SendAsync(sent, completion, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                var error = await ProblemException.FromAsync(response, options.Time, cancellationToken).ConfigureAwait(false);
                if (retry >= options.MaxRetries || !MayRetry(request, response))
                    throw error;
                var delay = error.RetryAfter ?? Backoff.After(retry);
                if (delay > options.MaxRetryDelay)
                    throw error;
                await Task.Delay(delay, options.Time, cancellationToken).ConfigureAwait(false);
                sent = Copy(request);
            }
        }
    }

    /// <summary>The <see cref="HttpClient"/> belongs to the caller.</summary>
    public void Dispose()
    {
    }

    private static bool MayRetry(HttpRequestMessage request, HttpResponseMessage response) =>
        IsRead(request) && response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    private static bool IsRead(HttpRequestMessage request) => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;

    /// <summary>A message can be sent only once. Requests that are sent again have no body.</summary>
    private static HttpRequestMessage Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var (name, values) in request.Headers)
            copy.Headers.TryAddWithoutValidation(name, values);
        return copy;
    }

    private Uri AddressOf(HttpRequestMessage request)
    {
        var root = http.BaseAddress ?? throw new InvalidOperationException("The HttpClient has no BaseAddress.");
        var address = request.RequestUri!.OriginalString.TrimStart('/');
        // links of the service are paths; another address could receive the key
        if (request.RequestUri.IsAbsoluteUri && !request.RequestUri.IsFile)
            throw new InvalidOperationException($"{request.RequestUri} is not an address of the service.");
        if (asOf is not null)
            address = WithAsOf(address, request);
        return new Uri(new Uri(root.AbsoluteUri.TrimEnd('/') + '/'), address);
    }

    private string WithAsOf(string address, HttpRequestMessage request)
    {
        var path = address.Split('?')[0];
        if (!IsRead(request) || !Contract.AddressesWithAsOf.Any(a => Matches(a, path)))
            throw new NotSupportedException($"{request.Method} /{path} cannot be as of a position. Use the client without AsOf.");
        var query = address[path.Length..].TrimStart('?').Split('&');
        // the address of a next page has it already
        return query.Any(p => p.StartsWith("asOf=", StringComparison.Ordinal))
            ? address : $"{address.TrimEnd('?')}{(query[0].Length == 0 ? '?' : '&')}asOf={Uri.EscapeDataString(asOf!)}";
    }

    private static bool Matches(string template, string path)
    {
        var (parts, values) = (template.TrimStart('/').Split('/'), path.Split('/'));
        return parts.Length == values.Length && parts.Zip(values).All(p => p.First[0] == '{' || p.First == p.Second);
    }
}
