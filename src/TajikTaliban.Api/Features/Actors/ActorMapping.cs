using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Features.Actors;

internal sealed class ActorMapping : RecordMapping<ActorRequest, Actor, ActorResponse>
{
    public override IValidator<ActorRequest> Validator { get; } = new ActorValidator();

    public override Actor ToRecord(ActorRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var citations = request.Citations.ToCitations(resolve).ToList();
        for (var i = 0; i < request.Statuses.Count; i++)
            citations.AddRange(request.Statuses[i].Citations.ToCitations(resolve, citations.Count, Part(i)));
        return new Actor
        {
            Id = id,
            Type = request.Type,
            Name = request.Name,
            Names = [.. request.Names.Select((n, i) => new ActorName { Ordinal = i, Text = n.Text, Lang = n.Lang, Kind = n.Kind })],
            Sectors = [.. request.Sectors],
            Identifiers = [
                .. request.Identifiers.Select((x, i) => new ActorIdentifierEntry { Ordinal = i, Scheme = x.Scheme, Value = x.Value })],
            Statuses = [.. request.Statuses.Select((s, i) => new ActorStatus
            {
                Ordinal = i,
                Status = s.Status,
                From = s.From,
                To = s.To,
                ById = s.By is null ? null : resolve(ReferenceTarget.Actor, s.By),
            })],
            Description = request.Description,
            Citations = citations,
        };
    }

    public override ActorResponse ToResponse(Actor record) => new()
    {
        Id = record.Id,
        Type = record.Type,
        Name = record.Name,
        Names = [.. record.Names.Select(n => new ActorNameResponse { Text = n.Text, Lang = n.Lang, Kind = n.Kind })],
        Sectors = record.Sectors,
        Identifiers = [.. record.Identifiers.Select(i => new ActorIdentifierResponse { Scheme = i.Scheme, Value = i.Value })],
        Statuses = [.. record.Statuses.Select((s, i) => new ActorStatusResponse
        {
            Status = s.Status,
            From = s.From,
            To = s.To,
            By = s.ById,
            Citations = record.Citations.ToResponse(Part(i)),
        })],
        Description = record.Description,
        Citations = record.Citations.ToResponse(),
        Referents = record.Referents,
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    public override IEnumerable<Course> Courses(Actor record) => record.Statuses.Select((status, i) =>
    {
        var own = record.Citations.Where(c => c.Part == Part(i)).ToList();
        return new Course(status, own.Count > 0 ? own : [.. record.Citations.Where(c => c.Part is null)]);
    });

    public override void KeepFrom(JsonElement stored, Actor record) =>
        record.Referents = [.. stored.GetProperty("referents").EnumerateArray().Select(r => r.GetString()!)];

    public override IEnumerable<Reference> References(ActorRequest request) =>
    [
        .. request.Citations.ToReferences(),
        .. request.Statuses.SelectMany((s, i) => s is null ? [] : s.Citations.ToReferences(Part(i))
            .Prepend(new Reference($"{Part(i)}/by", ReferenceTarget.Actor, s.By))),
    ];

    public override IEnumerable<Related> Related(Actor record) =>
        record.Statuses.Where(s => s.ById is not null).Select(s => new Related(ReferenceTarget.Actor, [record.Id, s.ById!]));

    public override string NaturalId(Actor record) => RecordId.Slug(record.Name);

    public override IEnumerable<string?> Names(ActorResponse response) => [response.Name, .. response.Names.Select(n => n.Text)];

    public override RecordSummary Summarize(ActorResponse response) =>
        new(response.Name, response.Type, response.TypeLabel);

    protected override IEnumerable<string?> Texts(ActorResponse response) =>
    [
        response.Description,
        response.TypeLabel,
        .. response.SectorsLabel,
        .. response.Statuses.Select(s => s.StatusLabel),
        .. response.Identifiers.Select(i => i.Value),
        .. response.Referents,
    ];

    public override async Task FindConflictsAsync(RecordSession session, Actor record, Errors conflicts, CancellationToken cancellation)
    {
        if (record.Identifiers.Count == 0)
            return;
        var texts = record.Identifiers.Select(i => (ReferenceTarget.Actor, $"{i.Scheme}:{i.Value}")).ToList();
        var held = await ReferenceReader.ResolveAsync(session.Connection, texts, null, cancellation);
        for (var i = 0; i < texts.Count; i++)
        {
            if (held.TryGetValue(texts[i], out var holder) && holder != record.Id)
            {
                conflicts.Add($"/identifiers/{i}", new Fault(FaultCode.Taken,
                    $"{texts[i].Item2} is the actor '{holder}' (/v1/actors/{holder}).",
                    ("value", texts[i].Item2), ("id", holder), ("href", $"/v1/actors/{holder}")));
            }
        }
    }

    public override (string Pointer, Fault Fault)? Explain(string constraint) => constraint switch
    {
        "ix_actor_identifiers_scheme_value" => ("/identifiers", new Fault(FaultCode.Taken, "Another actor has the identifier.")),
        "ex_actor_statuses_overlap" => ("/statuses",
            new Fault(FaultCode.Overlap, "The same status by the same actor appears twice with overlapping validity.")),
        _ => null,
    };

    private static string Part(int status) => $"/statuses/{status}";
}
