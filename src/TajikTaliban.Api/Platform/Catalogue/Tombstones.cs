using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Catalogue;

internal static class Tombstones
{
    /// <summary>410 for a deleted record; 308 to the survivor for one that was merged.</summary>
    public static ProblemException Gone(Resource resource, string id, (int Version, DateTime DeletedAt, string? MergedInto) tombstone) =>
        tombstone.MergedInto is { } survivor
            ? new(ProblemType.Merged, $"'{id}' was merged into '{survivor}' ({resource.PathOf(survivor, [])}).")
            {
                Tombstone = new TombstoneResponse(id, tombstone.Version, tombstone.DeletedAt, survivor),
                Location = resource.PathOf(survivor, []),
            }
            : new(ProblemType.Gone,
                $"'{id}' was deleted; its id is never reused.")
            {
                Tombstone = new TombstoneResponse(id, tombstone.Version, tombstone.DeletedAt, null),
            };
}
