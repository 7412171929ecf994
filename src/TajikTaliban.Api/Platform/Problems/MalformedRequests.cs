using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using KestrelServerOptions = Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions;

namespace TajikTaliban.Api.Platform.Problems;

/// <summary>
/// Problems for requests that the server refuses before it knows their address, and that no middleware sees: it would answer them without a
/// body. It announces each of them as an event, with the features of the connection, before it answers. Below TLS nothing is replaced.
/// </summary>
internal static class MalformedRequests
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Makes the responses of all connections replaceable.</summary>
    public static void Prepare(KestrelServerOptions kestrel) => kestrel.ConfigureEndpointDefaults(endpoint =>
        endpoint.Use(next => connection =>
        {
            var output = new ReplaceableOutput(connection.Transport.Output);
            connection.Transport = new ReplaceableTransport(connection.Transport.Input, output);
            connection.Features.Set(output);
            return next(connection);
        }));

    public static void RespondWithProblems(WebApplication app)
    {
        var subscription = app.Services.GetRequiredService<DiagnosticListener>().Subscribe(new Observer(), name => name == Event);
        app.Lifetime.ApplicationStopped.Register(subscription.Dispose);
    }

    private static void Respond(IFeatureCollection features)
    {
        if (features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException error
            && features.Get<IHttpResponseFeature>() is { HasStarted: false } && features.Get<ITlsConnectionFeature>() is null
            && features.Get<ReplaceableOutput>() is { } output)
        {
            output.Replace(ResponseTo(error));
        }
    }

    private static byte[] ResponseTo(BadHttpRequestException error)
    {
        var type = ProblemType.All.FirstOrDefault(t => t.Status == error.StatusCode && t.Status != StatusCodes.Status400BadRequest)
            ?? ProblemType.MalformedRequest;
        var body = JsonSerializer.SerializeToUtf8Bytes(Problem.Of(type) with
        {
            Status = error.StatusCode,
            Detail = error.Message,
            TraceId = ActivityTraceId.CreateRandom().ToString(),
        }, ApiJson.Options);
        var head = string.Create(CultureInfo.InvariantCulture,
            $"""
            HTTP/1.1 {error.StatusCode} {ReasonPhrases.GetReasonPhrase(error.StatusCode)}
            Content-Type: application/problem+json
            Content-Length: {body.Length}
            Cache-Control: no-store
            X-Content-Type-Options: nosniff
            Connection: close


            """);
        return [.. Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n")), .. body];
    }

    private sealed class Observer : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is IFeatureCollection features)
                Respond(features);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
