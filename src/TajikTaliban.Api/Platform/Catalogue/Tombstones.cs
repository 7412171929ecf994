using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Catalogue;

/// <summary>The responses to requests for deleted and merged records.</summary>
internal static class Tombstones
{
    /// <summary>Of reading: 410 for a deleted record; 308 to the survivor for one that was merged.</summary>
    public static ProblemException Gone(Resource resource, string id, StoredTombstone tombstone) =>
        tombstone.Survivor is { } survivor
            ? new(ProblemType.Merged, WasMerged(resource, id, survivor))
            {
                Tombstone = Of(id, tombstone),
                MergedInto = survivor,
                Location = resource.PathOf(survivor, []),
            }
            : Deleted(id, tombstone);

    /// <summary>410 for a version that is a deletion or a merge, and for a record that cannot be merged.</summary>
    public static ProblemException Deleted(string id, StoredTombstone tombstone) =>
        new(ProblemType.Gone, tombstone.MergedInto is null
            ? new Fault(FaultCode.Deleted, $"'{id}' was deleted; its id is never reused.", ("id", id))
            : new Fault(FaultCode.Merged, $"'{id}' was merged into '{tombstone.MergedInto}' by this version.",
                ("id", id), ("mergedInto", tombstone.MergedInto)))
        {
            Tombstone = Of(id, tombstone),
        };

    /// <summary>Of writing: 410 for a deleted record; 409 for one that was merged.</summary>
    public static ProblemException Refused(Resource resource, string id, StoredTombstone tombstone, string pointer) =>
        tombstone.Survivor is { } survivor ? Merged(resource, id, survivor, pointer, Of(id, tombstone)) : Deleted(id, tombstone);

    /// <summary>409: the record that the writer names is another one now.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="name">The merged id, or an identifier of the merged record.</param>
    /// <param name="survivor">The id of the survivor.</param>
    /// <param name="pointer">The place in the request that names the record.</param>
    /// <param name="tombstone">The tombstone of the merged id.</param>
    public static ProblemException Merged(
        Resource resource, string name, string survivor, string pointer, TombstoneResponse? tombstone = null) =>
        new(ProblemType.MergedRecord, pointer, new Fault(FaultCode.Merged,
            $"{WasMerged(resource, name, survivor)} Nothing was written: read the survivor, and send the change to its own id.",
            ("id", name), ("mergedInto", survivor), ("href", resource.PathOf(survivor, []))))
        {
            Tombstone = tombstone,
            MergedInto = survivor,
        };

    private static string WasMerged(Resource resource, string name, string survivor) =>
        $"'{name}' was merged into '{survivor}' ({resource.PathOf(survivor, [])}).";

    private static TombstoneResponse Of(string id, StoredTombstone tombstone) =>
        new(id, tombstone.Version, tombstone.DeletedAt, tombstone.MergedInto);
}
