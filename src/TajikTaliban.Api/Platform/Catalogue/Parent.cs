using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Platform.Catalogue;

/// <summary>The parent in the path of a record: the indicator of observations.</summary>
internal static class Parent
{
    public static string? IdOrNull(Resource resource, HttpContext http)
    {
        if (resource.List.Scope is not { } scope)
            return null;
        var id = (string)http.GetRouteValue(scope.RouteValue)!;
        return RecordId.IsValid(id) ? id : throw Missing(scope.RouteValue, id);
    }

    /// <summary>Whether a record is a part of the parent that the path goes through, as its document says.</summary>
    public static bool Has(Resource resource, string? id, byte[]? document)
    {
        if (resource.List.Scope is not { } scope || id is null)
            return true;
        if (document is null)
            return false;
        using var json = JsonDocument.Parse(document);
        return json.RootElement.GetProperty(scope.RouteValue).ValueEquals(id);
    }

    /// <summary>Whether a record that a version deleted was a part of the parent: the version before says so.</summary>
    public static async Task<bool> HadAsync(
        Resource resource, string? id, (string Id, int Version) deletion, VersionReader versions, CancellationToken cancellation) =>
        // what was redacted had the parent that it was asked for in: its history is public
        id is null || (await versions.FindOrNullAsync(resource.Table, deletion.Id, deletion.Version - 1, cancellation)) is { } before
            && (before.IsRedacted || Has(resource, id, before.Document));

    public static async Task ThrowIfMissingAsync(
        Resource resource, string? id, RecordReader records, AsOf? asOf, CancellationToken cancellation)
    {
        if (resource.List.Scope is not { } scope || id is null)
            return;
        if (await records.FindOrNullAsync(new RecordKey(scope.Table, id), asOf, cancellation) is not null)
            return;
        throw await records.TombstoneOrNullAsync(scope.Table, id, asOf, cancellation) is { } tombstone
            ? Tombstones.Deleted(id, tombstone)
            : Missing(scope.RouteValue, id);
    }

    private static ProblemException Missing(string parent, string id) =>
        new(ProblemType.NotFound, $"/path/{parent}", Fault.NotFound(parent, id));
}
