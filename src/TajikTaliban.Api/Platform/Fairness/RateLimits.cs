using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Fairness;

/// <summary>
/// Limits the points (<see cref="RequestWork"/>) of a client in a minute: of a key, or without one of a network. The allowance refills
/// evenly, so that a client that keeps below the rate never waits. Each instance of the service counts for itself. The state is bounded:
/// clients with a full allowance are forgotten, and beyond <see cref="MaxClients"/> clients new ones share allowances.
/// </summary>
internal sealed class RateLimits(FairnessOptions options) : IAsyncDisposable
{
    public const string Header = "RateLimit";
    public const string PolicyHeader = "RateLimit-Policy";
    private const int MaxClients = 50_000;
    private const int SharedClients = 1_024;
    private const string Network = "network";
    private const string Key = "key";
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, TokenBucketRateLimiter> _clients = new(StringComparer.Ordinal);
    private readonly Lock _sweeping = new();
    private long _sweptAt = Environment.TickCount64;

    /// <summary>The number of clients that are remembered.</summary>
    public int Clients => _clients.Count;

    public Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var network = ClientNetwork.OrNull(http.Connection.RemoteIpAddress);
        // the machine of the service: operators, and a proxy that names no client
        if (network is null || RequestWork.Of(http).Points is not (> 0 and var points))
            return next(http);
        var (policy, limit, client) = http.User.Identity is { IsAuthenticated: true, Name: { } name }
            ? (Key, options.KeyPoints, $"{Key} {name}") : (Network, options.NetworkPoints, network);
        if (limit == 0)
            return next(http);

        var limiter = Of(client, limit);
        limiter.TryReplenish();
        using var lease = limiter.AttemptAcquire(points);
        var left = limiter.GetStatistics()?.CurrentAvailablePermits ?? 0;
        var headers = new LimitHeaders(policy, limit, left);
        headers.Set(http.Response);
        // the exception handler clears the headers
        http.Response.OnStarting(static state =>
        {
            var (headers, response) = ((LimitHeaders, HttpResponse))state;
            headers.Set(response);
            return Task.CompletedTask;
        }, (headers, http.Response));
        if (lease.IsAcquired)
            return next(http);
        throw new ProblemException(ProblemType.TooManyRequests,
            $"The requests of this {policy} cost more than {limit} points a minute. This one costs {points}; {left} are left.")
        {
            RetryAfter = Seconds(points - left, limit),
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var limiter in _clients.Values)
            await limiter.DisposeAsync();
    }

    private static int Seconds(long points, int limit) => (int)Math.Max(1, Math.Ceiling(points * (double)FairnessOptions.Window / limit));

    private TokenBucketRateLimiter Of(string client, int limit)
    {
        if (_clients.TryGetValue(client, out var known))
            return known;
        if (_clients.Count >= MaxClients)
        {
            Sweep();
            // as many at once are an attack from many networks: they share
            if (_clients.Count >= MaxClients)
            {
                var shared = (uint)client.GetHashCode(StringComparison.Ordinal) % SharedClients;
                client = string.Create(CultureInfo.InvariantCulture, $"shared {shared}");
            }
        }

        return _clients.GetOrAdd(client, static (_, limit) => new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = limit,
            TokensPerPeriod = Math.Max(1, limit / FairnessOptions.Window),
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            // refilled when it is used: no timer each
            AutoReplenishment = false,
            QueueLimit = 0,
        }), limit);
    }

    /// <summary>Forgets clients whose allowance is full again: a new one would be the same.</summary>
    private void Sweep()
    {
        if (!_sweeping.TryEnter())
            return;
        try
        {
            if (Environment.TickCount64 - _sweptAt < SweepInterval.TotalMilliseconds)
                return;
            _sweptAt = Environment.TickCount64;
            foreach (var (client, limiter) in _clients)
            {
                limiter.TryReplenish();
                var limit = client.StartsWith(Key + " ", StringComparison.Ordinal) ? options.KeyPoints : options.NetworkPoints;
                if (limiter.GetStatistics()?.CurrentAvailablePermits == limit)
                    _clients.TryRemove(client, out _);
            }
        }
        finally
        {
            _sweeping.Exit();
        }
    }

    /// <summary>The headers of draft-ietf-httpapi-ratelimit-headers-10; <c>t</c> is when the allowance is full again.</summary>
    private sealed record LimitHeaders(string Policy, int Limit, long Left)
    {
        public void Set(HttpResponse response)
        {
            var seconds = Left >= Limit ? 0 : Seconds(Limit - Left, Limit);
            response.Headers[PolicyHeader] =
                string.Create(CultureInfo.InvariantCulture, $"\"{Policy}\";q={Limit};w={FairnessOptions.Window}");
            response.Headers[Header] = string.Create(CultureInfo.InvariantCulture, $"\"{Policy}\";r={Left};t={seconds}");
        }
    }
}
