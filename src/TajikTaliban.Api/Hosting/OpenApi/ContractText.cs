namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>What the contract says in words, where no type or route is there to say it.</summary>
internal static class ContractText
{
    public const string Introduction =
        """
        Facts and figures on the relationship of Tajikistan and the Taliban's Afghanistan, each with its evidence. Reading is open; no key is needed.
        The [guide](/docs/guide) has a page for front-end developers, one for data journalists and one for services.

        ## What there is

        **Actors** (states, movements, authorities, persons) stand in **relations** to each other (a border, sponsorship, a ban …), each from when to
        when. **Events** say what happened, when, who took part and where. **Trade** figures and the observations of **indicators** are the numbers.
        Every record is small and neutral in its words, and has an `id` that never changes and is never used again.

        ## Evidence

        Every record but a source has `citations`: which *source* says so, at which place in it (`locator`), and how it stands behind it (`certainty`):
        it *states* a fact, *reports* what somebody said, *claims* as an interested party; *derived* is what was computed or read into it, and its `note`
        says how. Sources may contradict each other: each figure is then a record of its own, and none is preferred.

        ## Dates

        Dates are as exact as they are known: EDTF (ISO 8601-2) such as `2024`, `2024-08`, `2021~` (about), `2024-08-16/2024-08-31` (some time between) or
        `2024-08-26/..` (still open); periods of figures are SDMX (`2024-S1`). Beside the text stand `earliest` and `latest`, full days or null where open,
        which filters and order go by. Instants are UTC (RFC 3339). Filters on dates take the same texts: `from=2021&to=2024-08`, `validAt=2024-08-15`.

        ## Lists

        A list gives 50 records (`limit`, at most 1000) and the address of the `next` page, which is null at the end. Follow it as it is: a page costs the
        same at any depth, and nobody's writing makes a record appear twice or not at all. Filters are named for the field; several values are separated by
        commas. A parameter that is not known is refused with the nearest that is, never ignored, and a list with nothing in it says in `empty` why.
        `fields` leaves out what you do not need, `expand` brings the records that are referred to, `facets` and `count` say how many there are.

        ## History

        Every change stands in a ledger, in the order of commits, and `Position` says how far in it an answer reads. `asOf` (a position, an instant, a release)
        answers as the service would have answered then; `validAt` asks what held at a time, `asOf` what was recorded. A record has its versions at `/history`,
        field by field. To keep a copy, take `/v1/snapshot` once and follow `/v1/changes` from its position: by pages, by long polls (`wait`), as lines
        (`application/x-ndjson`) or as a stream (`text/event-stream`). Each change comes once, and none is left out.

        ## Errors

        Every error is a problem (RFC 9457, `application/problem+json`): `type` leads to a page that explains it, `errors` says what is wrong where, all of
        it at once, as JSON Pointers into the body (`/participants/0/actor`) or to `/query/…`, `/path/…`, `/header/…`.

        ## Writing

        Needs a key (`Authorization: Bearer …`). A record has a version, and the version an `ETag`: send it back in `If-Match`, so that nobody's change is
        overwritten unseen; `If-None-Match: *` adds a record at an id that must be new. Without a condition an existing record answers 428. A POST that may have to
        be sent again has an `Idempotency-Key`. `Change-Cause` and `Change-Note` say why, and stand in the history; who sends the `Position` of the answer back as
        `Min-Position` reads what was written.

        ## HTTP

        Answers have an `ETag`: with `If-None-Match` what has not changed costs a 304. HEAD works wherever GET does; br, zstd and gzip are spoken; any page may
        read from a browser (CORS). Codes are explained, with labels and definitions, at `/v1/codelists`. Lists of codes may grow: a code that is new to you is
        no error. Fields may be added to answers; none is removed or changes its meaning within `/v1`.
        """;

    public static IReadOnlyDictionary<string, string> Tags { get; } = new Dictionary<string, string>
    {
        ["Actors"] = "States, movements, authorities, organisations, persons and groups. Wherever an actor's id goes, an identifier goes too: `iso3:TJK`, `wikidata:Q863`.",
        ["Relations"] = "How actors stand to each other, from when to when.",
        ["Events"] = "What happened, was reported or is planned: when, who, where.",
        ["Trade"] = "Figures of trade between two actors, by period, flow and commodity. Turnover (`T`) already holds imports and exports.",
        ["Indicators"] = "What other figures measure, and the figures themselves: their observations.",
        ["Sources"] = "The documents and datasets that all the rest is taken from.",
        ["Changes"] = "Every committed change, and every record at one position, for those who keep a copy.",
        ["Releases"] = "Positions with a name, to be cited.",
        ["Corrections"] = "What was put right, and why.",
        ["Batch"] = "Many writes in one transaction.",
        ["CodeLists"] = "Every code that a record can hold, with its label, its definition and where it comes from.",
        ["Index"] = "Where to begin.",
        ["Health"] = "For those who run the service.",
    };
}
