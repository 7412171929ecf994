using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Indicators;

internal sealed class ObservationResource : Resource<ObservationRequest, Observation, ObservationResponse>
{
    public override string Name => "observations";

    public override string Singular => "Observation";

    public override string Plural => "Observations";

    public override string Description => "The figures of one indicator: of whom, when, how much, how sure.";

    public override string Route => "/indicators/{indicator}/observations";

    public override ListDefinition List { get; } = new()
    {
        Table = "observations",
        Scope = ("indicator", "indicator_id", "indicators"),
        Filters =
        [
            Filters.Parts("subject", FilterKind.Actors, "observation_subjects", "observation_id", "actor_id",
                "Figures of this actor, by id or identifier (`iso3:TJK`).", repeatable: true),
            Filters.Codes("obsStatus", "obs_status", Lists.ObsStatuses, "Figures of this status."),
            Filters.Boolean("approximate", "approximate", "Figures that the source gives as approximate, or not."),
            .. Filters.Range("value", "value", "Value, in the indicator's unit"),
            Filters.ValidAt,
            .. Filters.Span("Figures"),
            .. Filters.Evidence("observation_citations"),
        ],
        SortKeys =
        [
            ListDefinition.Earliest,
            ListDefinition.Latest,
            // numeric's NaN comes after every number: a missing value sorts last
            new("value", "coalesce(r.value, 'NaN'::numeric)", FieldType.Number),
        ],
        DefaultSort = "earliest",
        Facets = [new("subject", "p.actor_id", new PartJoin("observation_subjects", "observation_id")), new("obsStatus", "r.obs_status")],
        Expands = [new("subjects", "actors"), new("indicator", "indicators"), new("citations.source", "sources")],
        HasDates = true,
    };

    public override string PathOf(string id, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        return $"/v1/indicators/{document.RootElement.GetProperty("indicator").GetString()}/observations/{id}";
    }

    protected override IValidator<ObservationRequest> Validator { get; } = new ObservationValidator();

    public override Observation ToRecord(ObservationRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var date = PartialDate.Parse(request.Date);
        return new Observation
        {
            Id = id,
            IndicatorId = request.Indicator!,
            Subjects = [.. request.Subjects.Select((s, i) => new ObservationSubject { Ordinal = i, ActorId = resolve(ReferenceTarget.Actor, s) })],
            Date = request.Date,
            Earliest = date.Earliest,
            Latest = date.Latest,
            Value = request.Value,
            Approximate = request.Approximate,
            ObsStatus = request.ObsStatus,
            Note = request.Note,
            Citations = [.. request.Citations.ToCitations(text => resolve(ReferenceTarget.Source, text))],
        };
    }

    public override ObservationResponse ToResponse(Observation record) => new()
    {
        Id = record.Id,
        Indicator = record.IndicatorId,
        Subjects = [.. record.Subjects.Select(s => s.ActorId)],
        Date = record.Date,
        Earliest = Validity.Bound(record.Earliest),
        Latest = Validity.Bound(record.Latest),
        Value = record.Value,
        Approximate = record.Approximate,
        ObsStatus = record.ObsStatus,
        ObsStatusLabel = Lists.ObsStatuses.LabelOf(record.ObsStatus)!,
        Note = record.Note,
        Citations = record.Citations.ToResponse(),
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    protected override ObservationRequest InScope(ObservationRequest request, WriteScope scope, Errors errors)
    {
        if (scope.Parent is null)
        {
            if (request.Indicator is null)
                errors.Add("/indicator", "The field is required.");
            return request;
        }

        if (request.Indicator is not null && request.Indicator != scope.Parent)
            errors.Add("/indicator", $"The indicator in the body differs from the one in the path, '{scope.Parent}'.");
        return request with { Indicator = scope.Parent };
    }

    protected override IEnumerable<Reference> References(ObservationRequest request) =>
    [
        new("/indicator", ReferenceTarget.Indicator, request.Indicator),
        .. (request.Subjects ?? []).Select((s, i) => new Reference($"/subjects/{i}", ReferenceTarget.Actor, s)),
        .. request.Citations.ToReferences(),
    ];

    protected override void Check(Observation record, Errors errors)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < record.Subjects.Count; i++)
        {
            if (!seen.Add(record.Subjects[i].ActorId))
                errors.Add($"/subjects/{i}", "An actor is given twice.");
        }
    }

    protected override string NaturalId(Observation record) => RecordId.Slug([record.IndicatorId, .. record.Subjects.Select(s => s.ActorId), record.Date]);

    protected override IEnumerable<string?> SearchTexts(Observation record) =>
        [record.IndicatorId.Replace('-', ' '), record.Note, .. record.Subjects.Select(s => s.ActorId.Replace('-', ' '))];
}
