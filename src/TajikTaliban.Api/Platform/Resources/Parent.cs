using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>The record that a part's path goes through: the indicator of observations.</summary>
internal static class Parent
{
    public static string? IdOrNull(Resource resource, HttpContext http)
    {
        if (resource.List.Scope is not { } scope)
            return null;
        var id = (string)http.GetRouteValue(scope.RouteValue)!;
        return RecordId.IsValid(id) ? id : throw Missing(scope.RouteValue, id);
    }

    public static async Task ThrowIfMissingAsync(Resource resource, string? id, RecordReader records, CancellationToken cancellation)
    {
        if (resource.List.Scope is not { } scope || id is null)
            return;
        if (await records.FindOrNullAsync(scope.Table, id, null, null, cancellation) is not null)
            return;
        throw await records.TombstoneOrNullAsync(scope.Table, id, cancellation) is { } tombstone
            ? new ProblemException(ProblemType.Gone, $"'{id}' was deleted; its id is never used again.") { Tombstone = new TombstoneResponse(id, tombstone.Version, tombstone.DeletedAt, null) }
            : Missing(scope.RouteValue, id);
    }

    private static ProblemException Missing(string parent, string id) => new(ProblemType.NotFound, $"/path/{parent}", $"There is no {parent} '{id}'.");
}
