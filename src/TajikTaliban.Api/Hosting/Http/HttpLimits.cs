using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>How large and how slow a request may be.</summary>
internal static class HttpLimits
{
    private const string DefaultUrl = "http://localhost:8080";
    private const int SendBufferBytes = 256 * 1024;
    private const int AddressBytes = 8 * 1024;
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(3);

    public static void AddServiceLimits(this WebApplicationBuilder builder, string? urls)
    {
        var configured = urls ?? builder.Configuration["urls"];
        if (configured is not null)
            builder.WebHost.UseUrls(configured);
        else if (builder.Configuration["http_ports"] is null && builder.Configuration["https_ports"] is null)
            builder.WebHost.UseUrls(DefaultUrl);
        // who manages processes kills after some seconds: what is still open then is cut, and clients see by the framing that it was
        builder.Services.Configure<HostOptions>(host => (host.ShutdownTimeout, host.ServicesStopConcurrently) = (ShutdownTimeout, true));
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = endpoint =>
        {
            // the system would take megabytes for each client that does not read; accepted connections inherit it
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.SendBufferSize = SendBufferBytes;
            return socket;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            MalformedRequests.Prepare(kestrel);
            kestrel.Limits.MaxRequestBodySize = Platform.Validation.Limits.BodyBytes;
            // above our own limit, so that an address which is too long gets a problem and not a bare line
            kestrel.Limits.MaxRequestLineSize = 4 * AddressBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxConcurrentConnections = 10_000;
        });
    }

    public static void UseAddressLimit(this WebApplication app) => app.Use((http, next) =>
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Length <= AddressBytes
            ? next(http)
            : throw new ProblemException(ProblemType.AddressTooLong, ProblemType.AddressTooLong.Meaning));
}
