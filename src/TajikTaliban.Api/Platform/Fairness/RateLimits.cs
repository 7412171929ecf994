using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Fairness;

/// <summary>
/// Limits the points (<see cref="RequestWork"/>) of a client in a minute: of a key, or without one of a network. The allowance refills
/// evenly, so that a client that keeps below the rate never waits. Each instance of the service counts for itself. The state is bounded:
/// clients with a full allowance are forgotten, and beyond <see cref="MaxClients"/> clients new ones share allowances. An operation may
/// have a limit of its own in an hour beside the points (<see cref="Spend"/>).
/// </summary>
public sealed class RateLimits(FairnessOptions options) : IAsyncDisposable
{
    public const string Header = "RateLimit";
    public const string PolicyHeader = "RateLimit-Policy";
    private const int MaxClients = 50_000;
    private const int SharedClients = 1_024;
    private const string Network = "network";
    private const string Key = "key";
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(FairnessOptions.Window);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Allowance> _clients = new(StringComparer.Ordinal);
    private readonly Lock _sweeping = new();
    private long _sweptAt = Environment.TickCount64;

    /// <summary>The number of clients that are remembered.</summary>
    public int Clients => _clients.Count;

    public Task RunAsync(HttpContext http, RequestDelegate next)
    {
        if (ClientOrNull(http) is not var (policy, client) || RequestWork.Of(http).Points is not (> 0 and var points))
            return next(http);
        var limit = policy == Key ? options.KeyPoints : options.NetworkPoints;
        if (limit == 0)
            return next(http);

        var limiter = Of(client, limit, Minute);
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

    /// <summary>
    /// Counts a request against a limit of its operation in an hour, which refills evenly. Nothing is counted for the machine of the
    /// service.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="what">What is counted, in the plural: <c>reports</c>.</param>
    /// <param name="limit">How many a client may send in an hour; 0 is no limit.</param>
    /// <exception cref="ProblemException">429: the client has sent as many.</exception>
    public void Spend(HttpContext http, string what, int limit)
    {
        if (limit == 0 || ClientOrNull(http) is not var (policy, client))
            return;
        var limiter = Of($"{what} {client}", limit, Hour);
        limiter.TryReplenish();
        using var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired)
            return;
        throw new ProblemException(ProblemType.TooManyRequests, $"This {policy} sent {limit} {what} within an hour, as many as it may.")
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? (int)Math.Ceiling(wait.TotalSeconds) : 1,
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var allowance in _clients.Values)
            await allowance.Limiter.DisposeAsync();
    }

    /// <summary>The client of a request, a key or a network; null for the machine of the service: operators, and a proxy that names no
    /// client.</summary>
    private static (string Policy, string Name)? ClientOrNull(HttpContext http) =>
        ClientNetwork.OrNull(http.Connection.RemoteIpAddress) is not { } network ? null
        : http.User.Identity is { IsAuthenticated: true, Name: { } name } ? (Key, $"{Key} {name}") : (Network, network);

    private static int Seconds(long points, int limit) => (int)Math.Max(1, Math.Ceiling(points * (double)FairnessOptions.Window / limit));

    private TokenBucketRateLimiter Of(string client, int limit, TimeSpan window)
    {
        if (_clients.TryGetValue(client, out var known))
            return known.Limiter;
        if (_clients.Count >= MaxClients)
        {
            Sweep();
            // as many at once are an attack from many networks: they share
            if (_clients.Count >= MaxClients)
            {
                var shared = (uint)client.GetHashCode(StringComparison.Ordinal) % SharedClients;
                client = string.Create(CultureInfo.InvariantCulture, $"shared {window.TotalSeconds} {shared}");
            }
        }

        return _clients.GetOrAdd(client, static (_, rate) =>
        {
            var period = rate.Window / rate.Limit is var even && even < MinPeriod ? MinPeriod : even;
            return new Allowance(new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
            {
                TokenLimit = rate.Limit,
                TokensPerPeriod = Math.Max(1, (int)(rate.Limit * period.Ticks / rate.Window.Ticks)),
                ReplenishmentPeriod = period,
                // refilled when it is used: no timer each
                AutoReplenishment = false,
                QueueLimit = 0,
            }), rate.Limit);
        }, (Limit: limit, Window: window)).Limiter;
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
            foreach (var (client, allowance) in _clients)
            {
                allowance.Limiter.TryReplenish();
                if (allowance.Limiter.GetStatistics()?.CurrentAvailablePermits == allowance.Limit)
                    _clients.TryRemove(client, out _);
            }
        }
        finally
        {
            _sweeping.Exit();
        }
    }

    /// <summary>What a client has left, and how much that is when it is full.</summary>
    private sealed record Allowance(TokenBucketRateLimiter Limiter, int Limit);

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
