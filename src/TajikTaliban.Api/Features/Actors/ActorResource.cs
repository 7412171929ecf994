using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Actors;

internal sealed class ActorResource : Resource<ActorRequest, ActorResponse>
{
    public override string Name => "actors";

    public override string Singular => "Actor";

    public override string Plural => "Actors";

    public override string Description =>
        "States, movements, authorities, organisations, persons and groups. A state, the authority that rules it and the movement behind that "
        + "authority are three actors. Wherever an actor's id goes, an identifier goes too: `iso3:TJK`.";

    public override ReferenceTarget? Target => ReferenceTarget.Actor;

    public override bool IsMergeable => true;

    public override bool HasIdentifiers => true;

    public override string TagDescription =>
        "States, movements, authorities, organisations, persons and groups. "
        + "An identifier (`iso3:TJK`, `wikidata:Q863`) works wherever an actor's id does.";

    public override ResourceExample Example => ActorExample.Record;

    public override ListDefinition List { get; } = new()
    {
        Table = "actors",
        Filters =
        [
            Filters.Codes("type", "type", Lists.ActorTypes, "Actors of this type."),
            Filters.CodesWithin("sectors", "sectors", Lists.Sectors, "Actors of this sector."),
            Filters.ExactText("name", "name", "The actor of exactly this name; `q` searches all names."),
            Filters.Parts("status", FilterKind.Codes, "actor_statuses", "actor_id", "status", "Actors that have or had this status. Code list: actor-statuses.", Lists.ActorStatuses),
            Filters.Parts("identifier.scheme", FilterKind.Codes, "actor_identifiers", "actor_id", "scheme", "Actors with an identifier of this scheme. Code list: identifier-schemes.", Lists.IdentifierSchemes),
            new("identifier", FilterKind.Actors, "The actors with these identifiers (`iso3:TJK,iso3:AFG`), or ids.", (value, sql) => $"r.id {sql.AnyOf((string[])value)}"),
            new("validAt", FilterKind.Days, "Actors that had some status on this date (EDTF), as far as the bounds tell; with `status`, see `statuses` for which.",
                (value, sql) =>
                {
                    var (first, last) = ((DateOnly, DateOnly))value;
                    return $"r.id in (select p.actor_id from {sql.Table("actor_statuses")} p where p.earliest <= {sql.Add(last, NpgsqlTypes.NpgsqlDbType.Date)} and p.latest >= {sql.Add(first, NpgsqlTypes.NpgsqlDbType.Date)})";
                }),
            .. Filters.Evidence("actor_citations"),
        ],
        SortKeys = [new("name", "r.name", FieldType.Text), new("type", "r.type", FieldType.Text)],
        DefaultSort = "id",
        Facets =
        [
            new("type", "r.type"),
            new("sectors", "p.sector", Members: "lateral unnest(r.sectors) p(sector)"),
            new("status", "p.status", new PartJoin("actor_statuses", "actor_id")),
        ],
        Expands = [new("citations.source", "sources"), new("statuses.by", "actors")],
    };

    public override IReadOnlyList<string> FacetPaths(string facet) => facet == "status" ? ["statuses.status"] : base.FacetPaths(facet);
}
