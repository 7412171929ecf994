using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Features.Indicators;

internal sealed class IndicatorResource : Resource<IndicatorRequest, Indicator, IndicatorResponse>
{
    public override string Name => "indicators";

    public override string Singular => "Indicator";

    public override string Plural => "Indicators";

    public override string Description => "What figures other than trade measure, and in which unit; the figures are their observations.";

    public override ListDefinition List { get; } = new()
    {
        Table = "indicators",
        Filters =
        [
            Filters.ExactText("name", "name", "The indicator of exactly this name; `q` searches."),
            Filters.ExactText("unit", "unit", "Indicators in this unit."),
            new("actor", FilterKind.Actors, "Indicators with an observation of this actor, by id or identifier (`iso3:TJK`). Several are separated by commas: any of them.",
                (value, sql) => $"r.id in (select o.indicator_id from {sql.Table("observations")} o join {sql.Table("observation_subjects")} s on s.observation_id = o.id "
                    + $"where s.actor_id {sql.AnyOf((string[])value)})"),
            .. Filters.Evidence("indicator_citations"),
        ],
        SortKeys = [new("name", "r.name", FieldType.Text), new("unit", "r.unit", FieldType.Text)],
        DefaultSort = "id",
        Facets = [new("unit", "r.unit")],
        Expands = [new("citations.source", "sources")],
    };

    protected override IValidator<IndicatorRequest> Validator { get; } = new IndicatorValidator();

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

    protected override IEnumerable<Reference> References(IndicatorRequest request) => request.Citations.ToReferences();

    protected override string NaturalId(Indicator record) => RecordId.Slug(record.Name);

    protected override IEnumerable<string?> SearchTexts(Indicator record) => [record.Name, record.Unit, record.Description];
}
