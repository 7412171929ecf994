using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Reports;

namespace TajikTaliban.Api.Features.Reports;

/// <summary>Shared by the operations on reports: the stored reports, and the records that they are about.</summary>
internal sealed class ReportDesk(
    ReportStore store, ResourceCatalogue catalogue, RecordReader records, VersionReader versions, ReportOptions options)
{
    /// <summary>Versions of a deleted part in which its parent is looked for; those that were redacted have none.</summary>
    private const int MaxVersions = 20;

    public ReportStore Store => store;

    public ResourceCatalogue Catalogue => catalogue;

    public ReportOptions Options => options;

    /// <summary>The same in the transaction of a write.</summary>
    public ReportDesk Within(RecordSession session) => new(
        store.Within(session.Connection), catalogue, records.Within(session.Connection), versions.Within(session.Connection), options);

    /// <exception cref="ProblemException">404: no report has this id.</exception>
    public async Task<Report> FindAsync(string id, CancellationToken cancellation) =>
        await store.FindOrNullAsync(id, cancellation) ?? throw NotFound(id);

    /// <summary>The version of a record, existing or deleted, that a reader names; the newest one by default.</summary>
    /// <exception cref="ProblemException">422: there is no such record or version.</exception>
    public async Task<ReportedVersion> ReportedAsync(RecordSession session, CreateReportRequest request, CancellationToken cancellation)
    {
        var resource = catalogue.All.First(r => r.Name == request.Record.Resource);
        var id = resource.TakesAsIdentifier(request.Record.Id)
            ? await ResolveAsync(session, resource.Target!, request.Record.Id, cancellation) : request.Record.Id;
        var newest = id is not null && RecordId.IsValid(id) ? await NewestOrNullAsync(session, resource, id, cancellation) : null;
        if (newest is null)
        {
            throw new ProblemException(
                ProblemType.InvalidRecord, "/record", Fault.UnknownReference(resource.Noun, request.Record.Id, null));
        }

        if (request.Version > newest.Version)
        {
            throw new ProblemException(ProblemType.InvalidRecord, "/version", new Fault(FaultCode.UnknownVersion,
                $"'{id}' has no version {request.Version}; the newest is {newest.Version}.", ("id", id), ("version", request.Version)));
        }

        return newest with { Version = request.Version ?? newest.Version };
    }

    private async Task<ReportedVersion?> NewestOrNullAsync(
        RecordSession session, Resource resource, string id, CancellationToken cancellation)
    {
        if (await records.FindOrNullAsync(new RecordKey(resource.Table, id), null, cancellation) is { } record)
            return new ReportedVersion(resource.Table, id, resource.PathOf(id, record.Json), record.Version);
        if (await session.TombstoneOrNullAsync(resource.Table, id, cancellation) is not { } tombstone)
            return null;
        if (resource.List.Scope is null)
            return new ReportedVersion(resource.Table, id, resource.PathOf(id, []), tombstone.Version);
        var (older, _) = await versions.OlderAsync(
            resource.Table, id, tombstone.Version, new FeedLimits(MaxVersions, int.MaxValue), cancellation);
        return older.FirstOrDefault(v => v.Document is not null) is { } last
            ? new ReportedVersion(resource.Table, id, resource.PathOf(id, last.Document), tombstone.Version) : null;
    }

    private static async Task<string?> ResolveAsync(
        RecordSession session, ReferenceTarget target, string identifier, CancellationToken cancellation) =>
        (await session.ResolveAsync([(target, identifier)], cancellation)).GetValueOrDefault((target, identifier));

    public static ProblemException NotFound(string id) => new(ProblemType.NotFound, "/path/id", Fault.NotFound("report", id));
}
