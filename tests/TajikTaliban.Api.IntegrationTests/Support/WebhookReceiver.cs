using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>A message as it came in.</summary>
public sealed record ReceivedMessage(
    string Path, string Id, string Timestamp, string Signature, byte[] Body, string Agent, DateTimeOffset At)
{
    public JsonNode Json { get; } = JsonNode.Parse(Body)!;

    public string Type => (string)Json["type"]!;

    public string? Position => (string?)Json["data"]!["position"];

    public IReadOnlyList<string> Signatures => Signature.Split(' ');

    /// <summary>Verifies as the specification of Standard Webhooks 1.0 says, without any code of the service.</summary>
    public bool IsSignedWith(string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        using var hmac = new HMACSHA256(key);
        var expected =
            hmac.ComputeHash([.. Encoding.UTF8.GetBytes(Id), (byte)'.', .. Encoding.UTF8.GetBytes(Timestamp), (byte)'.', .. Body]);
        var age = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp, CultureInfo.InvariantCulture)) - At;
        return age.Duration() < TimeSpan.FromMinutes(5) && !Id.Contains('.', StringComparison.Ordinal) && Signatures.Any(s =>
            s.Split(',') is ["v1", var given] && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(given), expected));
    }
}

/// <summary>A receiver on a real port, which answers as a test says.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedMessage> _received = new();

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>What a message is answered with; 204 unless a test says otherwise.</summary>
    public Func<ReceivedMessage, HttpContext, Task> Respond { get; set; } = (_, http) =>
    {
        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    };

    public string Address { get; private set; } = "";

    /// <summary>All that came in, in that order.</summary>
    public IReadOnlyList<ReceivedMessage> Received => [.. _received];

    /// <summary>The positions in the order in which each came first.</summary>
    public IReadOnlyList<string> FirstArrivals => [.. _received.Select(m => m.Position!).Distinct()];

    /// <param name="certificate">What it shows over https; over http if there is none.</param>
    public static async Task<WebhookReceiver> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            if (certificate is not null)
                endpoint.UseHttps(certificate);
        }));
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        receiver.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return receiver;
    }

    public void RespondWith(int status) => Respond = (_, http) =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Waits until so many messages of different changes have come in.</summary>
    public Task WaitAsync(int count, int seconds = 30) =>
        Wait.UntilAsync(() => Task.FromResult(_received.Select(m => m.Id).Distinct().Count() >= count), seconds);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var headers = http.Request.Headers;
        var message = new ReceivedMessage(http.Request.Path, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(),
            headers["webhook-signature"].ToString(),
            body.ToArray(), headers.UserAgent.ToString(), TimeProvider.System.GetUtcNow());
        _received.Enqueue(message);
        await Respond(message, http);
    }
}

/// <summary>Waits for what happens by itself.</summary>
public static class Wait
{
    public static async Task UntilAsync(Func<Task<bool>> holds, int seconds = 30)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(seconds),
                $"It did not come about within {seconds} s.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
