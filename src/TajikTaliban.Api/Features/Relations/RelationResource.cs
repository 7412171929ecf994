using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Model;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Relations;

internal sealed class RelationResource : Resource<RelationRequest, RelationResponse>
{
    public override string Name => "relations";

    public override string Singular => "Relation";

    public override string Plural => "Relations";

    public override string Description =>
        "Relations between actors, such as sponsorship, hostility, a border, a ban or contact, each with its validity. "
        + "Use `validAt` for the relations on a day.";

    public override string TagDescription => "Relations between actors, each with its validity.";

    public override ResourceExample Example => RelationExample.Record;

    public override ListDefinition List { get; } = new()
    {
        Table = Tables.Relations,
        Filters =
        [
            Filters.Ids(ReferenceTarget.Relation),
            Filters.Codes("type", "type", Lists.RelationTypes, "Relations of this type."),
            .. Filters.AnyAndAll(
                Filters.EitherActor("actor", "subject_id", "object_id", "Relations of this actor, on either side.")),
            Filters.Actors("subject", "subject_id", "Relations with this actor as subject."),
            Filters.Actors("object", "object_id", "Relations with this actor as object."),
            Filters.Codes("stance", "stance", Lists.Stances, "Relations with this stance."),
            .. Filters.Time("Relations that held", TimeModel.Courses),
            .. Filters.Evidence(Tables.RelationCitations),
            .. Filters.Missing(
            [
                ("stance", new IsNull("stance")), ("from", new IsNull("valid_from")), ("to", new IsNull("valid_to")),
                .. Filters.OpenBounds,
            ]),
        ],
        SortKeys = [ListDefinition.Earliest, ListDefinition.Latest, new("type", "type", FieldType.Text)],
        DefaultSort = "earliest",
        Facets =
        [
            new ColumnFacet("type", "type"),
            new ColumnFacet("stance", "stance"),
            new ColumnFacet("subject", "subject_id"),
            new ColumnFacet("object", "object_id"),
            new EitherFacet("actor", "subject_id", "object_id"),
            new PartFacet("certainty", Tables.RelationCitations, "certainty") { Except = "derived" },
            new PartFacet("claimant", Tables.RelationCitations, "claimant_id"),
        ],
        KeptBy = new EitherFacet("actor", "subject_id", "object_id"),
        Expands = [new("subject", Tables.Actors), new("object", Tables.Actors), new("citations.source", Tables.Sources),
            new("citations.claimant", Tables.Actors)],
        Time = TimeModel.Courses,
    };

    public override IReadOnlyList<string> FacetPaths(string facet) => facet switch
    {
        "actor" => ["subject", "object"],
        "certainty" => ["citations.certainty"],
        "claimant" => ["citations.claimant"],
        _ => base.FacetPaths(facet),
    };
}
