using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Hosting.Telemetry;

/// <summary>Logs requests when they end.</summary>
internal static class RequestLog
{
    private const int NetworkOf4 = 24;
    private const int NetworkOf6 = 48;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    public static void AddRequestLog(this IServiceCollection services)
    {
        services.AddOptions<AccessLogOptions>().BindConfiguration(AccessLogOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessLogOptions>, AccessLogOptions>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AccessLog>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessLog>());
        services.AddSingleton<Refusals>();
        services.AddHostedService(provider => provider.GetRequiredService<Refusals>());
    }

    public static void UseRequestLog(this WebApplication app)
    {
        var refusals = app.Services.GetRequiredService<Refusals>();
        app.Use((http, next) =>
        {
            var request = next(http);
            return request.IsCompletedSuccessfully ? Ended(http) : EndAsync(request, http);
        });

        async Task EndAsync(Task request, HttpContext http)
        {
            await request;
            await Ended(http);
        }

        Task Ended(HttpContext http)
        {
            if (http.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
                refusals.Add(http);
            return Task.CompletedTask;
        }

        var log = app.Services.GetRequiredService<AccessLog>();
        if (!log.IsOn)
            return;
        var time = app.Services.GetRequiredService<TimeProvider>();
        var (names, secrets) = (app.Services.GetRequiredService<KeyNames>(), app.Services.GetRequiredService<ServiceSecrets>());
        app.Use((http, next) =>
        {
            var began = new Began(
                http, Stopwatch.GetTimestamp(), http.Request.Path.Value ?? "", http.Features.Get<ReplaceableOutput>()?.Sent ?? 0);
            // the address without the changes that routing makes, and after the last byte
            http.Response.OnCompleted(state =>
            {
                Log((Began)state);
                return Task.CompletedTask;
            }, began);
            return next(http);
        });

        void Log(Began began)
        {
            var http = began.Http;
            var duration = Stopwatch.GetElapsedTime(began.Timestamp);
            var status = http.Response.StatusCode;
            var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
            var sample = isRead && status < 400 && duration < Slow ? log.SampleOfRead() : 1;
            if (sample == 0)
                return;
            var (address, network) = (ClientAddress.OrNull(http), 0);
            var key = KeyAuthentication.NameOrNull(http);
            // who only reads, and breaks nothing, is not followed
            if (key is null && status < 400 && address is not null)
            {
                network = address.AddressFamily == AddressFamily.InterNetwork ? NetworkOf4 : NetworkOf6;
                address = ClientAddress.NetworkOf(address);
            }

            log.Add(new AccessLine
            {
                At = time.GetUtcNow().UtcDateTime,
                Request = http.TraceIdentifier,
                Address = address,
                Network = network,
                Key = key is not null && secrets.AreLoaded ? names.PseudonymOf(key) : null,
                Method = http.Request.Method,
                Path = began.Path,
                Query = http.Request.QueryString.Value ?? "",
                Status = status,
                Bytes = (http.Features.Get<ReplaceableOutput>()?.Sent ?? 0) - began.Sent,
                Duration = duration,
                Sample = sample,
            });
        }
    }

    /// <summary>A request that has begun.</summary>
    private sealed record Began(HttpContext Http, long Timestamp, string Path, long Sent);
}
