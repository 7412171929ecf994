namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The introduction of the contract.</summary>
internal static class ContractText
{
    public const string Introduction =
        """
        Facts and figures on the relationship of Tajikistan and the Taliban's Afghanistan, each with its evidence. Reading needs no key.
        The [guide](/docs/guide) has a page for front-end developers, one for data journalists and one for services.

        ## Records

        **Actors** (states, movements, authorities, persons) have **relations** to each other (a border, sponsorship, a ban …), each with
        its validity. **Events** have a date, participants and a place. **Trade** figures and the observations of **indicators** are the
        numbers. Records are small and neutral, and have an `id` that never changes and is never reused.

        ## Evidence

        Every record except a source has `citations`: the *source*, the place in it (`locator`), and its `certainty`: the source *states* a
        fact, *reports* others, or *claims* as an interested party; *derived* values are computed or inferred, and `note` states how.
        Sources may contradict each other: each figure is then a record of its own, and none is preferred.

        ## Dates

        Dates have the precision of their source, in EDTF (ISO 8601-2): `2024`, `2024-08`, `2021~` (about), `2024-08-16/2024-08-31` (a time
        in between), `2024-08-26/..` (open). Periods of figures are SDMX (`2024-S1`). `earliest` and `latest` are full days, or null if
        open; filters and order use them. Instants are UTC (RFC 3339). Date filters accept the same texts: `from=2021&to=2024-08`,
        `validAt=2024-08-15`.

        ## Lists

        A page has 50 records (`limit`, at most 1000) and the address of the `next` page, null on the last page. Follow `next`
        unchanged: a page costs the same at any depth, and writes in between neither repeat nor skip a record. Filters are named
        after fields. Several values, repeated or separated by commas, mean any of them, and `….all` means all of them; write a
        comma within a value as `\,` and a backslash as `\\`. A list has at most 50 values, repeated ones included, of `….all` 10;
        a request has at most 30 filters, each value of `….all` counted, and 200 parameters. Filters on one part (`source` and
        `certainty`) hold for the same part. Records without a value come last in every order; `missing` finds them. Unknown parameters
        are refused with the most similar name, and an empty list states its reason in `empty`. `fields` selects fields, `expand` adds
        referenced records (`fields.actors` selects theirs), `facets` and `count` count the matching records.

        ## History

        A ledger has every change in the order of commits; `Position` is the minimum position that a response reflects. `asOf` (a position,
        an instant, a release) responds as of then: `validAt` asks for what was true at a time, `asOf` for what was recorded. `/history` of
        a record lists its versions, field by field. To keep a copy, read `/v1/snapshot` once and follow `/v1/changes` from its position: by
        pages, long polls (`wait`), lines (`application/x-ndjson`) or a stream (`text/event-stream`). Store the position in the same
        transaction as the changes, and a crash neither loses nor repeats any.

        A position (`1042-5f0c2b9a`) is opaque and belongs to this database: equal texts are the same place, and nothing else may be read
        from it. To tell which of two changes came first, compare their `transaction`. A position of another history (another service, or a
        database that was restored) is 410 `position-gone`.

        ## Errors

        Every error is a problem (RFC 9457, `application/problem+json`). `code` is its stable name for programs, and `type` the address of a
        page about it, without the host. `errors` lists all errors by JSON Pointer into the body (`/participants/0/actor`), or by
        `/query/…`, `/path/…`, `/header/…`; each has a `code`, a `message` in English, and in `data` the parameters of the message, so that
        an interface can say it in another language. [All codes](/problems) may be joined by others at any time.

        ## Writing

        Writing needs a key (`Authorization: Bearer …`). Send the `ETag` of a record's version in `If-Match`, and no other change is
        overwritten; `If-None-Match: *` only adds a record. A change of a record without a condition gets 428. Send an `Idempotency-Key`
        with a POST to make it safe to retry. `Change-Cause` and `Change-Note` state the reason, for the history. Send the `Position` of the
        response as `Min-Position` to read your own write. `dryRun=true` tries a write of a record. An array in a body has at most 200
        members, a batch 50,000 lines. Readers without a key report an error in a record at `/v1/reports`.

        ## HTTP

        Responses have an `ETag`: a request with `If-None-Match` gets 304 if nothing has changed. Responses at a position, a release or a
        version never change, and say so to caches (`immutable`) if the address names the `edition` as well: fields and labels may change
        with the service. The service's own links name it, and the `Edition` header has it. HEAD works wherever GET does; responses
        are compressed with br, zstd or gzip. Pages of any origin may read without a key; a key or a report from the page of another
        origin needs its operator's leave (403 `origin-not-allowed`). `/v1/codelists` explains all codes. Code lists may grow:
        accept codes that are new to you. Within `/v1` fields may be added to responses; none is removed or changes its meaning.
        """;
}
