using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Relations;

internal sealed class RelationResource : Resource<RelationRequest, Relation, RelationResponse>
{
    public override string Name => "relations";

    public override string Singular => "Relation";

    public override string Plural => "Relations";

    public override string Description =>
        "How actors stand to each other: sponsorship, hostility, a border, a ban, contact … each with its validity. `validAt` gives what held on a day.";

    public override ListDefinition List { get; } = new()
    {
        Table = "relations",
        Filters =
        [
            Filters.Codes("type", "type", Lists.RelationTypes, "Relations of this type."),
            Filters.EitherActor("actor", "subject_id", "object_id", "Relations of this actor, on either side."),
            Filters.Actors("subject", "subject_id", "Relations that go from this actor."),
            Filters.Actors("object", "object_id", "Relations that go to this actor."),
            Filters.Codes("stance", "stance", Lists.Stances, "Relations of this stance."),
            Filters.ValidAt,
            .. Filters.Span("Relations that held"),
            .. Filters.Evidence("relation_citations"),
        ],
        SortKeys = [ListDefinition.Earliest, ListDefinition.Latest, new("type", "r.type", FieldType.Text)],
        DefaultSort = "earliest",
        Facets =
        [
            new("type", "r.type"),
            new("stance", "r.stance"),
            new("subject", "r.subject_id"),
            new("object", "r.object_id"),
            new("actor", "p.actor", Members: "lateral (values (r.subject_id), (r.object_id)) p(actor)"),
            new("certainty", "p.certainty", new PartJoin("relation_citations", "record_id")),
        ],
        Expands = [new("subject", "actors"), new("object", "actors"), new("citations.source", "sources")],
        HasDates = true,
    };

    protected override IValidator<RelationRequest> Validator { get; } = new RelationValidator();

    public override Relation ToRecord(RelationRequest request, string id, Func<ReferenceTarget, string, string> resolve) => new()
    {
        Id = id,
        Type = request.Type,
        SubjectId = resolve(ReferenceTarget.Actor, request.Subject),
        ObjectId = resolve(ReferenceTarget.Actor, request.Object),
        Stance = request.Stance,
        From = request.From,
        To = request.To,
        Earliest = Validity.Earliest(request.From),
        Latest = Validity.Latest(request.To),
        Summary = request.Summary,
        Citations = [.. request.Citations.ToCitations(text => resolve(ReferenceTarget.Source, text))],
    };

    public override RelationResponse ToResponse(Relation record) => new()
    {
        Id = record.Id,
        Type = record.Type,
        TypeLabel = Lists.RelationTypes.LabelOf(record.Type)!,
        Directed = Lists.RelationTypes.FindOrNull(record.Type)?.MappingOrNull("directed") == "true",
        Subject = record.SubjectId,
        Object = record.ObjectId,
        Stance = record.Stance,
        From = record.From,
        To = record.To,
        Earliest = Validity.Bound(record.Earliest),
        Latest = Validity.Bound(record.Latest),
        Summary = record.Summary,
        Citations = record.Citations.ToResponse(),
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    protected override IEnumerable<Reference> References(RelationRequest request) =>
    [
        new("/subject", ReferenceTarget.Actor, request.Subject),
        new("/object", ReferenceTarget.Actor, request.Object),
        .. request.Citations.ToReferences(),
    ];

    protected override string NaturalId(Relation record) => RecordId.Slug(record.SubjectId, record.Type, record.ObjectId);

    protected override IEnumerable<string?> SearchTexts(Relation record) =>
        [record.Summary, Lists.RelationTypes.LabelOf(record.Type), record.SubjectId.Replace('-', ' '), record.ObjectId.Replace('-', ' ')];

    protected override void Check(Relation record, Errors errors)
    {
        if (record.SubjectId == record.ObjectId)
            errors.Add("/object", "An actor has no relation to itself.");
    }

    protected override (string Pointer, string Message)? Explain(string constraint) => constraint == "ex_relations_overlap"
        ? ("/from", "The two actors already have a relation of this type at an overlapping time, and there is only one at a time.")
        : null;
}
