using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Validation;
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
            Filters.Ids(ReferenceTarget.Actor),
            Filters.Codes("type", "type", Lists.ActorTypes, "Actors of this type."),
            .. Filters.AnyAndAll(Filters.CodesWithin("sectors", "sectors", Lists.Sectors, "Actors in this sector.")),
            Filters.ExactText("name", "name", Limits.Name, "The actor with exactly this name; use `q` to search all names."),
            Filters.PartCodes("status", new(Tables.ActorStatuses, "status"), Lists.ActorStatuses,
                "Actors that have or had this status; with `validAt`, on this date. Code list: actor-statuses.") with
            {
                SharesPart = true,
            },
            Filters.PartCodes("identifier.scheme", new(Tables.ActorIdentifiers, "scheme"), Lists.IdentifierSchemes,
                "Actors with an identifier of this scheme. Code list: identifier-schemes."),
            Filters.ActorItself("identifier", "The actors with this identifier (`iso3:TJK`), or id."),
            .. Filters.Time("Actors with a status (with `status`: with this one)", TimeModel.OfParts(Tables.ActorStatuses)),
            .. Filters.Evidence(Tables.ActorCitations),
            .. Filters.Missing(
                ("sectors", new IsEmpty("sectors")), ("statuses", new HasNoPart(Tables.ActorStatuses)),
                ("identifiers", new HasNoPart(Tables.ActorIdentifiers))),
        ],
        SortKeys = [new("name", "name", FieldType.Text), new("type", "type", FieldType.Text)],
        DefaultSort = "id",
        Time = TimeModel.OfParts(Tables.ActorStatuses),
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
