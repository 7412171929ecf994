using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Platform.Fairness;

/// <summary>
/// Sends reads of records to a standby that has all that the response states. Who has a key may just have written, and who names a position
/// in <c>Min-Position</c> wants it at once: the primary answers them. What fails on a standby is read again from the primary.
/// </summary>
internal static class StandbyRouting
{
    public static void UseStandbys(this WebApplication app)
    {
        var standbys = app.Services.GetRequiredService<StandbyReads>();
        if (standbys.HasAny)
            app.Use((http, next) => MayBeOfStandby(http) ? RunAsync(http, next, standbys) : next(http));
    }

    private static bool MayBeOfStandby(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Authorization.Count == 0
        && !http.Request.Headers.ContainsKey(Positions.MinHeader)
        && http.GetEndpoint()?.Metadata.GetMetadata<RecordRoute>() is not null;

    private static async Task RunAsync(HttpContext http, RequestDelegate next, StandbyReads standbys)
    {
        if (await standbys.ChooseAsync(http.RequestAborted) is not { } route)
        {
            await next(http);
            return;
        }

        ConnectionPools.Enter(route);
        Positions.Set(http, route.Level.EndText);
        try
        {
            await next(http);
            return;
        }
        catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested && IsOfStandby(e))
        {
            route.Leave();
            if (DatabaseFaults.Of(e) == DatabaseFault.Lost)
                route.Standby.Leave();
        }

        RepeatedReads.Forget(http);
        await next(http);
    }

    /// <summary>
    /// Its connection was lost, a statement was in the way of its replay, or it has not come to a position of the request.
    /// </summary>
    private static bool IsOfStandby(Exception error) =>
        DatabaseFaults.Of(error) is DatabaseFault.Lost or DatabaseFault.Conflict
        || error is PositionGoneException
        || (error is ProblemException problem && (problem.Type == ProblemType.Unavailable || problem.Type == ProblemType.PositionGone));
}
