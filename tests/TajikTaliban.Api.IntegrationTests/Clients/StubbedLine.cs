namespace TajikTaliban.Api.IntegrationTests.Clients;

/// <summary>Between a client and the service: may respond itself, or change what the service responds. Keeps all requests.</summary>
internal sealed class StubbedLine(Uri service, string? key = null) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>Responds in place of the service, if it gives a response.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Respond { get; set; } = _ => null;

    /// <summary>Changes the body of a response in JSON.</summary>
    public Func<string, string>? Rewrite { get; set; }

    public List<(string Method, string Address, HttpRequestMessage Message)> Requests { get; } = [];

    public HttpClient Client()
    {
        var http = new HttpClient(this) { BaseAddress = service };
        if (key is not null)
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return http;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((request.Method.Method, request.RequestUri!.PathAndQuery, request));
        if (Respond(request) is { } stub)
            return stub;
        var response = await base.SendAsync(request, cancellationToken);
        if (Rewrite is not null)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Content = new StringContent(Rewrite(text), null, response.Content.Headers.ContentType!);
        }

        return response;
    }
}
