using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Listing;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Relations;

internal sealed class RelationResource : Resource<RelationRequest, RelationResponse>
{
    public override string Name => "relations";

    public override string Singular => "Relation";

    public override string Plural => "Relations";

    public override string Description =>
        "How actors stand to each other: sponsorship, hostility, a border, a ban, contact … each with its validity. `validAt` gives what held on a day.";

    public override string TagDescription => "Relations between actors, each with its validity.";

    public override ResourceExample Example => RelationExample.Record;

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

    public override IReadOnlyList<string> FacetPaths(string facet) => facet switch
    {
        "actor" => ["subject", "object"],
        "certainty" => ["citations.certainty"],
        _ => base.FacetPaths(facet),
    };
}
