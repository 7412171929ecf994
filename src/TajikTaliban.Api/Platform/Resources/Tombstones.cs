using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Resources;

internal static class Tombstones
{
    public static ProblemException Gone(string id, int version, DateTimeOffset deletedAt) =>
        new(ProblemType.Gone, $"'{id}' was deleted; its id is never used again.") { Tombstone = new TombstoneResponse(id, version, deletedAt) };
}
