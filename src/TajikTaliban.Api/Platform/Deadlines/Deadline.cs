using Microsoft.Extensions.Options;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Deadlines;

/// <summary>
/// The time that a request has, as a whole, until the first byte of its response: whatever it does and however many statements it needs.
/// Then <see cref="HttpContext.RequestAborted"/> is cancelled, with it the statement that runs in the database, and the request ends with
/// the problem <c>deadline</c>. What is sent after the first byte has limits of its own.
/// </summary>
public sealed class Deadline
{
    private readonly CancellationTokenSource _ends;
    private readonly RequestLimits _limits;
    private bool _isOver;

    private Deadline(CancellationTokenSource ends, RequestLimits limits) => (_ends, _limits) = (ends, limits);

    /// <summary>Gives a request that waits for something the time of waiting on top.</summary>
    public static void AddWaiting(HttpContext http, TimeSpan waiting) =>
        Extend(http, limits => waiting + limits.Deadline);

    /// <summary>Gives a request that writes many records the time for them.</summary>
    public static void ExtendForBatch(HttpContext http) => Extend(http, limits => limits.Batch);

    internal static async Task RunAsync(HttpContext http, RequestLimits limits, RequestDelegate next)
    {
        var aborted = http.RequestAborted;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            || HttpMethods.IsOptions(http.Request.Method);
        var limit = reads ? limits.Deadline : limits.Write;
        ends.CancelAfter(limit);
        var deadline = new Deadline(ends, limits);
        http.Features.Set(deadline);
        http.RequestAborted = ends.Token;
        http.Response.OnStarting(static deadline =>
        {
            ((Deadline)deadline).SetTime(Timeout.InfiniteTimeSpan);
            return Task.CompletedTask;
        }, deadline);
        try
        {
            await next(http);
        }
        catch (Exception e) when (e is not (ProblemException or BadHttpRequestException) && ends.IsCancellationRequested
            && !aborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            throw new ProblemException(ProblemType.Deadline, ProblemType.Deadline.Meaning);
        }
        finally
        {
            deadline._isOver = true;
            http.RequestAborted = aborted;
        }
    }

    private static void Extend(HttpContext http, Func<RequestLimits, TimeSpan> time)
    {
        if (http.Features.Get<Deadline>() is { } deadline)
            deadline.SetTime(time(deadline._limits));
    }

    private void SetTime(TimeSpan time)
    {
        // a response without a body of the handler's own starts later
        if (!_isOver)
            _ends.CancelAfter(time);
    }
}

/// <summary>Registers the deadline of requests.</summary>
public static class Deadlines
{
    public static void AddDeadlines(this IServiceCollection services)
    {
        services.AddOptions<RequestLimitSettings>().BindConfiguration(RequestLimitSettings.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RequestLimitSettings>, RequestLimitSettings>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RequestLimitSettings>>().Value.ToLimits());
    }

    public static void UseDeadline(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<RequestLimits>();
        app.Use((http, next) => Deadline.RunAsync(http, limits, next));
    }
}
