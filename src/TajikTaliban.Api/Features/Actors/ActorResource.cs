using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Model;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Actors;

internal sealed class ActorResource : Resource<ActorRequest, ActorResponse>
{
    public override string Name => "actors";

    public override string Singular => "Actor";

    public override string Plural => "Actors";

    public override string Description =>
        "States, movements, authorities, organisations, persons and groups. A state, its governing authority and the movement behind "
        + "that authority are three actors. An identifier such as `iso3:TJK` can be used in place of an actor's id.";

    public override ReferenceTarget? Target => ReferenceTarget.Actor;

    protected override IEnumerable<string> OwnSegments => [MergeActor.Segment];

    public override string TagDescription =>
        "States, movements, authorities, organisations, persons and groups. "
        + "An identifier (`iso3:TJK`, `wikidata:Q863`) can be used in place of an actor's id.";

    public override ResourceExample Example => ActorExample.Record;

    public override ListDefinition List { get; } = new()
    {
        Table = Tables.Actors,
        Filters =
        [
            Filters.Codes("type", "type", Lists.ActorTypes, "Actors of this type."),
            Filters.CodesWithin("sectors", "sectors", Lists.Sectors, "Actors in this sector."),
            Filters.ExactText("name", "name", "The actor with exactly this name; use `q` to search all names."),
            Filters.PartCodes("status", new(Tables.ActorStatuses, "status"), Lists.ActorStatuses,
                "Actors that have or had this status. Code list: actor-statuses."),
            Filters.PartCodes("identifier.scheme", new(Tables.ActorIdentifiers, "scheme"), Lists.IdentifierSchemes,
                "Actors with an identifier of this scheme. Code list: identifier-schemes."),
            Filters.ActorItself("identifier", "The actors with these identifiers (`iso3:TJK,iso3:AFG`), or ids."),
            Filters.PartValidAt(Tables.ActorStatuses,
                "Actors with a status on this date (EDTF), according to the bounds of the status. With `status`, both may match different "
                + "entries of `statuses`."),
            .. Filters.Evidence(Tables.ActorCitations),
        ],
        SortKeys = [new("name", "name", FieldType.Text), new("type", "type", FieldType.Text)],
        DefaultSort = "id",
        Facets =
        [
            new ColumnFacet("type", "type"),
            new ArrayFacet("sectors", "sectors"),
            new PartFacet("status", Tables.ActorStatuses, "status"),
        ],
        Expands = [new("citations.source", Tables.Sources), new("citations.claimant", Tables.Actors), new("statuses.by", Tables.Actors)],
    };

    public override IReadOnlyList<string> FacetPaths(string facet) => facet == "status" ? ["statuses.status"] : base.FacetPaths(facet);
}
