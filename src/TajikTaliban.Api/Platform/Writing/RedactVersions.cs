using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The versions of a record whose content is to be removed.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Id">The id of the record.</param>
/// <param name="Versions">The versions; null for all but the current one.</param>
/// <param name="Reason">Why, in words; everybody can read it.</param>
public sealed record VersionsToRedact(Resource Resource, string Id, IReadOnlyList<int>? Versions, string Reason);

/// <summary>
/// Removes the content of versions that may not be public: from the ledger, the past, the responses that are kept for repetitions and the
/// words that searches know. Positions, versions and ids stay.
/// </summary>
public static class RedactVersions
{
    /// <summary>The most versions of one request.</summary>
    public const int MaxVersions = Limits.Parts;

    /// <summary>Redacts in the transaction of a session; returns the versions, in ascending order.</summary>
    /// <exception cref="ProblemException">No such record or version, or one is current.</exception>
    public static async Task<IReadOnlyList<int>> RunAsync(
        RecordSession session, VersionsToRedact what, CancellationToken cancellation)
    {
        var record = (what.Resource.Table, what.Id);
        // a concurrent write would make another version current; it waits, as this does for it
        await StoredRecords.LockAsync(
            session.Connection, new RecordKey(what.Resource.Table, what.Id), false, cancellation);
        if (await Redactions.NewestOrNullAsync(session.Connection, record, cancellation) is not { } newest)
            throw new ProblemException(ProblemType.NotFound, "/id", Fault.NeverExisted(what.Resource.Noun, what.Id));
        // a deletion is no content: all versions of a deleted record may go
        var last = newest.IsDeletion ? newest.Version : newest.Version - 1;
        var versions = what.Versions ?? [.. Enumerable.Range(1, last)];
        if (versions.FirstOrDefault(v => v > newest.Version) is var unknown && unknown > 0)
        {
            throw new ProblemException(ProblemType.NotFound, "/versions", new Fault(FaultCode.UnknownVersion,
                $"'{what.Id}' has no version {unknown}; the newest is {newest.Version}.",
                ("id", what.Id), ("version", unknown), ("current", newest.Version)));
        }

        if (versions.Any(v => v > last))
        {
            throw new ProblemException(ProblemType.Conflict, "/versions",
                new Fault(FaultCode.CurrentVersion,
                    $"Version {newest.Version} is the current one. Change the record, or delete it; then redact that version.",
                    ("version", newest.Version)));
        }

        var redacted = await Redactions.RedactAsync(session.Connection, record, versions, what.Reason, Gone(what), cancellation);
        return redacted.Count > 0 ? redacted
            : throw new ProblemException(ProblemType.Conflict, "/versions",
                new Fault(FaultCode.NothingToDo, "None of these versions has content that is not redacted."));
    }

    /// <summary>What repetitions of requests get that wrote one of the versions.</summary>
    private static byte[] Gone(VersionsToRedact what) => JsonSerializer.SerializeToUtf8Bytes(
        Problem.Of(ProblemType.Redacted) with
        {
            Detail = $"The response to the first request was about '{what.Id}', whose content was removed since.",
        }, ApiJson.Options);
}
