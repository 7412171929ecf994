using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Features.Indicators;

internal sealed class ObservationMapping : RecordMapping<ObservationRequest, Observation, ObservationResponse>
{
    public override IValidator<ObservationRequest> Validator { get; } = new ObservationValidator();

    public override Observation ToRecord(ObservationRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var date = Bounds.OfMoment(PartialDate.Parse(request.Date));
        var record = new Observation
        {
            Id = id,
            IndicatorId = request.Indicator!,
            Subjects = [
                .. request.Subjects.Select((s, i) => new ObservationSubject { Ordinal = i, ActorId = resolve(ReferenceTarget.Actor, s) })],
            Date = request.Date,
            Earliest = date.Earliest,
            Latest = date.Latest,
            Value = request.Value,
            Approximate = request.Approximate,
            ObsStatus = request.ObsStatus,
            Note = request.Note,
            Citations = [.. request.Citations.ToCitations(resolve)],
        };
        record.FigureKey = FigureKey.Of(record);
        return record;
    }

    public override ObservationResponse ToResponse(Observation record) => new()
    {
        Id = record.Id,
        Indicator = record.IndicatorId,
        Subjects = [.. record.Subjects.Select(s => s.ActorId)],
        Date = record.Date,
        Earliest = Bounds.Shown(record.Earliest),
        Latest = Bounds.Shown(record.Latest),
        Value = record.Value,
        Approximate = record.Approximate,
        ObsStatus = record.ObsStatus,
        Note = record.Note,
        Citations = record.Citations.ToResponse(),
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    /// <summary>In shape 2, `~` and `?` widen a date.</summary>
    protected override IReadOnlyList<Action<JsonObject>> Upgrades { get; } =
    [
        json =>
        {
            var bounds = Bounds.OfMoment(PartialDate.Parse((string)json["date"]!));
            (json["earliest"], json["latest"]) = (CourseJson.Day(bounds.Earliest), CourseJson.Day(bounds.Latest));
        },
    ];

    public override ObservationRequest InScope(ObservationRequest request, string? parent, Errors errors)
    {
        if (parent is null)
        {
            if (request.Indicator is null)
                errors.Add("/indicator", Fault.Required);
            return request;
        }

        if (request.Indicator is not null && request.Indicator != parent)
        {
            errors.Add("/indicator", new Fault(FaultCode.Contradiction,
                $"The indicator in the body differs from the one in the path, '{parent}'.",
                ("value", request.Indicator), ("with", (string[])[parent])));
        }

        return request with { Indicator = parent };
    }

    /// <summary>Subjects in another order are the same: they keep the order in which they were recorded.</summary>
    public override void KeepFrom(JsonElement stored, Observation record)
    {
        var order = stored.GetProperty("subjects").EnumerateArray().Select(s => s.GetString()!).ToList();
        if (order.Count != record.Subjects.Count || !order.ToHashSet().SetEquals(record.Subjects.Select(s => s.ActorId)))
            return;
        record.Subjects.Sort((a, b) => order.IndexOf(a.ActorId).CompareTo(order.IndexOf(b.ActorId)));
        foreach (var (i, subject) in record.Subjects.Index())
            subject.Ordinal = i;
    }

    public override IEnumerable<Reference> References(ObservationRequest request) =>
    [
        new("/indicator", ReferenceTarget.Indicator, request.Indicator),
        .. (request.Subjects ?? []).Select((s, i) => new Reference($"/subjects/{i}", ReferenceTarget.Actor, s)),
        .. request.Citations.ToReferences(),
    ];

    public override IEnumerable<Related> Related(Observation record) =>
        [new(ReferenceTarget.Actor, [.. record.Subjects.Select(s => s.ActorId)])];

    public override void Check(Observation record, Errors errors)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < record.Subjects.Count; i++)
        {
            if (!seen.Add(record.Subjects[i].ActorId))
                errors.Add($"/subjects/{i}", Fault.Duplicate("An actor appears twice.", record.Subjects[i].ActorId));
        }
    }

    public override Task FindConflictsAsync(
        RecordSession session, Observation record, Errors conflicts, CancellationToken cancellation) =>
        FigureConflicts.FindAsync(session, record, record.Citations[0].SourceId,
            id => $"/v1/indicators/{record.IndicatorId}/observations/{id}", conflicts, cancellation);

    public override (string Pointer, Fault Fault)? Explain(string constraint) =>
        FigureConflicts.ExplainOrNull(constraint, Tables.Observations);

    public override string NaturalId(Observation record) =>
        RecordId.Slug([record.IndicatorId, .. record.Subjects.Select(s => s.ActorId), record.Date]);

    public override IEnumerable<string?> Names(ObservationResponse response) => [];

    public override RecordSummary Summarize(ObservationResponse response) =>
        new($"{string.Join(", ", response.Subjects)}: {response.Indicator}, {response.Date}", null, null);

    protected override IEnumerable<string?> Texts(ObservationResponse response) =>
        [response.Indicator, response.Note, .. response.Subjects];
}
