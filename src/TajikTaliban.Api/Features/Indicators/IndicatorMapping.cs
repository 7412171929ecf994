using FluentValidation;
using Microsoft.EntityFrameworkCore;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Features.Indicators;

internal sealed class IndicatorMapping : RecordMapping<IndicatorRequest, Indicator, IndicatorResponse>
{
    public override IValidator<IndicatorRequest> Validator { get; } = new IndicatorValidator();

    public override Indicator ToRecord(IndicatorRequest request, string id, Func<ReferenceTarget, string, string> resolve) => new()
    {
        Id = id,
        Name = request.Name,
        Unit = request.Unit,
        Description = request.Description,
        Citations = [.. request.Citations.ToCitations(resolve)],
    };

    public override IndicatorResponse ToResponse(Indicator record) => new()
    {
        Id = record.Id,
        Name = record.Name,
        Unit = record.Unit,
        Description = record.Description,
        Citations = record.Citations.ToResponse(),
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    public override IEnumerable<Reference> References(IndicatorRequest request) => request.Citations.ToReferences();

    public override async Task FindConflictsAsync(
        RecordSession session, Indicator record, Errors conflicts, CancellationToken cancellation)
    {
        if (record.Version == 1)
            return;
        var unit = await session.Context.Set<Indicator>().Where(i => i.Id == record.Id).Select(i => i.Unit).SingleAsync(cancellation);
        if (unit == record.Unit)
            return;
        // waits for observations that are being added: each holds a lock on its indicator until it is committed
        await session.LockAsync(new RecordKey(Tables.Indicators, record.Id), true, cancellation);
        var figures = session.Context.Set<Observation>().Where(o => o.IndicatorId == record.Id);
        if (await figures.OrderBy(o => o.Id).Select(o => o.Id).FirstOrDefaultAsync(cancellation) is { } first)
        {
            var href = $"/v1/indicators/{record.Id}/observations/{first}";
            conflicts.Add("/unit", new Fault(FaultCode.StillReferenced,
                $"Figures are recorded in '{unit}', such as '{first}' ({href}): another unit would change what they say. Create another "
                + "indicator for the other unit; figures that belong to it can be moved in a batch.", ("id", first), ("href", href)));
        }
    }

    public override string NaturalId(Indicator record) => RecordId.Slug(record.Name);

    public override IEnumerable<string?> Names(IndicatorResponse response) => [response.Name];

    public override RecordSummary Summarize(IndicatorResponse response) =>
        new(response.Name, null, null);

    protected override IEnumerable<string?> Texts(IndicatorResponse response) => [response.Unit, response.Description];
}
