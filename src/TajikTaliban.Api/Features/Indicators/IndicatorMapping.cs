using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Model;

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
        Citations = [.. request.Citations.ToCitations(text => resolve(ReferenceTarget.Source, text))],
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

    public override string NaturalId(Indicator record) => RecordId.Slug(record.Name);

    protected override IEnumerable<string?> SearchTexts(Indicator record) => [record.Name, record.Unit, record.Description];
}
