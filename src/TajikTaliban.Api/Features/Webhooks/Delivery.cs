using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>The result of an attempt.</summary>
/// <param name="Attempt">The attempt, for the log.</param>
/// <param name="RetryAfter">The pause that the receiver asks for.</param>
internal sealed record DeliveryResult(WebhookAttempt Attempt, TimeSpan? RetryAfter)
{
    public bool IsDelivered => Attempt.Error is null;
}

/// <summary>Makes one attempt to deliver a message: signed, to allowed addresses, without redirects, proxies and cookies.</summary>
internal sealed class Delivery : IDisposable
{
    private const int BodyBytes = 4096;
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Names move, and an address is checked when its connection is made: connections end after this time.</summary>
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(1);

    private readonly WebhookOptions _options;
    private readonly SecretSeal _seal;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public Delivery(WebhookOptions options, SecretSeal seal, TimeProvider time)
    {
        (_options, _seal, _time) = (options, seal, time);
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = ConnectionLife,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = BodyBytes,
            ResponseDrainTimeout = BodyTimeout,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("tajik-taliban-api", "1"));
    }

    public async Task<DeliveryResult> SendAsync(WebhookTarget target, Message message, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var began = _time.GetTimestamp();
        DeliveryResult Result(int? status, string? error, string? body = null, TimeSpan? retryAfter = null)
        {
            var milliseconds = (int)_time.GetElapsedTime(began).TotalMilliseconds;
            return new(new WebhookAttempt(
                0, message.Id, message.Type, message.Position, now.UtcDateTime, milliseconds, status, error, body), retryAfter);
        }

        if (TargetUrl.WhatIsWrong(target.Url, _options) is { } wrong)
            return Result(null, wrong.Message);
        if (_seal.OpenOrNull(target.Id, target.Secret) is not { } secret)
            return Result(null, "The signing secret was sealed with another Webhooks__SecretKey. Rotate the secret.");
        var previous = target.PreviousSecret is null ? null : _seal.OpenOrNull(target.Id, target.PreviousSecret);

        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ReadOnlyMemoryContent(message.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var timestamp = now.ToUnixTimeSeconds();
        request.Headers.Add(Signature.IdHeader, message.Id);
        request.Headers.Add(Signature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(Signature.SignatureHeader,
            Signature.Of(previous is null ? [secret] : [secret, previous], message.Id, timestamp, message.Body.Span));

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_options.Timeout);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            var status = (int)response.StatusCode;
            var body = await BeginningAsync(response, cancellation);
            return Result(status, status switch
            {
                >= 200 and < 300 => null,
                >= 300 and < 400 => $"{Failed(status)} Redirects are not followed.",
                _ => Failed(status),
            }, body, RetryAfter(response, now));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Result(null, string.Create(CultureInfo.InvariantCulture, $"No response within {_options.Timeout.TotalSeconds} s."));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Result(null, Innermost(e).Message.Replace("\0", "", StringComparison.Ordinal));
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The error of an attempt that the receiver refused.</summary>
    public static string Failed(int status) => string.Create(CultureInfo.InvariantCulture, $"The receiver responded with {status}.");

    /// <summary>Resolves the host, checks all its addresses, and connects to one of them.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var target = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal] : await Dns.GetHostAddressesAsync(target.Host, cancellation);
        if (addresses.FirstOrDefault(a => !TargetAddress.IsAllowed(a, _options.AllowedNetworks)) is { } refused)
            throw new HttpRequestException(TargetUrl.Refused(refused));
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static async Task<string?> BeginningAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        // the status decides; a slow body neither delays nor changes the result
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(BodyTimeout);
        var bytes = new byte[BodyBytes];
        var length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(timeout.Token);
            length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, timeout.Token);
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
        }

        // PostgreSQL stores any character but this one
        return length == 0 ? null : Encoding.UTF8.GetString(bytes, 0, length).Replace('\0', '\ufffd');
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - now;

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
