using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>What an attempt came to.</summary>
/// <param name="Attempt">For the log.</param>
/// <param name="RetryAfter">How long the receiver wants to be left alone.</param>
internal sealed record DeliveryResult(WebhookAttempt Attempt, TimeSpan? RetryAfter)
{
    public bool IsTaken => Attempt.Error is null;
}

/// <summary>Sends a message once: signed, to addresses that are allowed, without redirects, proxies and cookies.</summary>
internal sealed class Delivery : IDisposable
{
    private const int AnswerBytes = 4096;
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);

    /// <summary>Names move: a connection, whose address was looked at when it was made, does not outlive this.</summary>
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
            MaxResponseDrainSize = AnswerBytes,
            ResponseDrainTimeout = AnswerPatience,
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
        DeliveryResult Result(int? status, string? error, string? answer = null, TimeSpan? retryAfter = null) =>
            new(new WebhookAttempt(0, message.Id, message.Type, message.Position, now.UtcDateTime, (int)_time.GetElapsedTime(began).TotalMilliseconds, status, error, answer),
                retryAfter);

        if (TargetUrl.WhatIsWrong(target.Url, _options) is { } wrong)
            return Result(null, wrong);
        if (_seal.OpenOrNull(target.Id, target.Secret) is not { } secret)
            return Result(null, "The signing secret cannot be opened: Webhooks:SecretKey is not the one that it was sealed with. Rotate the secret.");
        var previous = target.PreviousSecret is null ? null : _seal.OpenOrNull(target.Id, target.PreviousSecret);

        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ReadOnlyMemoryContent(message.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var timestamp = now.ToUnixTimeSeconds();
        request.Headers.Add(Signature.IdHeader, message.Id);
        request.Headers.Add(Signature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(Signature.SignatureHeader, Signature.Of(previous is null ? [secret] : [secret, previous], message.Id, timestamp, message.Body.Span));

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_options.Timeout);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var status = (int)response.StatusCode;
            var answer = await BeginningAsync(response, cancellation);
            return Result(status, status switch
            {
                >= 200 and < 300 => null,
                >= 300 and < 400 => $"The receiver answered {status}; redirects are not followed.",
                _ => $"The receiver answered {status}.",
            }, answer, RetryAfter(response, now));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Result(null, string.Create(CultureInfo.InvariantCulture, $"No answer within {_options.Timeout.TotalSeconds} s."));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Result(null, Innermost(e).Message.Replace("\0", "", StringComparison.Ordinal));
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Resolves the host, looks at every address, and connects to one of those and to no other.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var target = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(target.Host, cancellation);
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
        // the status has been given; an answer that trickles neither holds up nor undoes it
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(AnswerPatience);
        var bytes = new byte[AnswerBytes];
        var length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
        }

        // the database takes any text but this character
        return length == 0 ? null : Encoding.UTF8.GetString(bytes, 0, length).Replace('\0', '\ufffd');
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - now;

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
