namespace TajikTaliban.Api.Platform.Problems;

/// <summary>A type of problem (RFC 9457). Its address is a page with its meaning and its remedy.</summary>
public sealed record ProblemType(string Slug, int Status, string Title, string Meaning)
{
    public string Path => $"/problems/{Slug}";

    public static readonly ProblemType InvalidParameter = new("invalid-parameter", 400, "Invalid parameter",
        "A query parameter, path segment or header is unknown or not valid. `errors` names it (`/query/limit`, `/path/id`, "
        + "`/header/If-Match`) and states the valid form; similar names and values are suggested. No parameter is ignored.");

    public static readonly ProblemType InvalidBody = new("invalid-body", 400, "Invalid body",
        "The body is not JSON, or a field is unknown, missing or of the wrong type. `errors` has the JSON Pointer (RFC 6901) of each "
        + "error; the empty pointer is the whole body.");

    public static readonly ProblemType MalformedRequest = new("malformed-request", 400, "Malformed request",
        "The request line or a header breaks the rules of HTTP, so that the address is not known: a byte that is not UTF-8, `%00`, a "
        + "length "
        + "that is not a number. The connection is closed.");

    public static readonly ProblemType Unauthorized = new("unauthorized", 401, "Unauthorized",
        "Send `Authorization: Bearer KEY`. The key is missing, unknown, expired or revoked, or was replaced by a "
        + "new one. A key that is not accepted is refused on every address, also where no key is needed. An operator creates keys with "
        + "`keys create`, and replaces them with `keys rotate`.");

    public static readonly ProblemType Forbidden = new("forbidden", 403, "Forbidden",
        "The role of the key does not allow this operation: `editor` writes records, `admin` may use all operations.");

    public static readonly ProblemType OriginNotAllowed = new("origin-not-allowed", 403, "Origin not allowed",
        "The request has a key, or would write, and comes from a page of another origin. Such pages may read without a key; keys and "
        + "writing are for pages of origins that the service is configured with. Leave `Authorization` out to read, send the request from "
        + "your own server, or ask the operator to add the origin to `Cors__Origins`.");

    public static readonly ProblemType NotFound = new("not-found", 404, "Not found",
        "No record, list or page is at this address, and none was deleted from it.");

    public static readonly ProblemType Merged = new("merged", 308, "Merged",
        "The record was merged into another. `Location` is the address of the survivor with the query of the request; the survivor lists "
        + "the old id in `referents`. References to the old record now refer to the survivor.");

    public static readonly ProblemType MergedRecord = new("merged-record", 409, "Merged record",
        "The request would write to a record that was merged into another, by its old id or by an identifier that came with the merge. "
        + "`mergedInto` is the id of the survivor. Nothing was written: read the survivor, and send the change to its own id.");

    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "Method not allowed",
        "The `Allow` header lists the methods of this address.");

    public static readonly ProblemType NotAcceptable = new("not-acceptable", 406, "Not acceptable",
        "The service has no representation of a media type that `Accept` names.");

    public static readonly ProblemType Conflict = new("conflict", 409, "Conflict",
        "Another record has the id, an identifier or the natural key, or a deleted record had the id: ids are never reused. `errors` "
        + "names the field and the other record.");

    public static readonly ProblemType StillReferenced = new("still-referenced", 409, "Still referenced",
        "Other records refer to this one, so it cannot be deleted. `referencedBy` lists the first of them, `referencedByTotal` counts all; "
        + "change or delete them first.");

    public static readonly ProblemType Gone = new("gone", 410, "Gone",
        "The record was deleted; `tombstone` states when. Its id is never reused.");

    public static readonly ProblemType Redacted = new("redacted", 410, "Redacted",
        "The content of this version was removed because it may not be public. Its place in the history and in the feed stays; "
        + "`/v1/redactions` lists all such versions with the reason. Remove your copies of it.");

    public static readonly ProblemType PositionGone = new("position-gone", 410, "Position not in this history",
        "The database was restored from a backup older than the position. Start again at the address in `restart`: replace the copy with "
        + "the snapshot, and follow the changes from its position.");

    public static readonly ProblemType Archived = new("archived", 410, "Changes in an archive",
        "Changes after this position are in a file that `archive` names; whoever runs the service has it. Records, their history, states "
        + "as of a position and releases are complete. Read the file and go on after its last position, or start again at the address in "
        + "`restart`.");

    public static readonly ProblemType IdempotencyKeyReused = new("idempotency-key-reused", 422, "Idempotency key reused",
        "The `Idempotency-Key` was used for another request. The same key with the same method, address, body, cause and note returns the "
        + "first response again; use a new key for a new request.");

    public static readonly ProblemType PreconditionFailed = new("precondition-failed", 412, "Precondition failed",
        "The version in `If-Match` is not the current one, or `If-None-Match: *` was sent and the record exists. Read the record again "
        + "and send the change with its new `ETag`.");

    public static readonly ProblemType TooLarge = new("too-large", 413, "Body too large",
        "The body is larger than 1 MiB, the limit for one record.");

    public static readonly ProblemType AddressTooLong = new("address-too-long", 414, "Address too long",
        "The path and query are longer than 8 KiB.");

    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "Unsupported media type",
        "POST and PUT accept `application/json`, PATCH accepts `application/merge-patch+json` (RFC 7396) or `application/json`, "
        + "`/v1/batch` accepts `application/x-ndjson`; all in UTF-8.");

    public static readonly ProblemType InvalidRecord = new("invalid-record", 422, "Validation failed",
        "The body breaks a rule: a code is not in its list, a date does not exist, a referenced record does not exist. `errors` has the "
        + "JSON Pointer of each error.");

    public static readonly ProblemType PreconditionRequired = new("precondition-required", 428, "Precondition required",
        "Send `If-Match` with the `ETag` of the record to change or delete it, so that no other change is overwritten. "
        + "`If-None-Match: *` lets a PUT only add a record.");

    public static readonly ProblemType HeadersTooLarge = new("headers-too-large", 431, "Headers too large",
        "The headers of the request are larger than 32 KiB.");

    public static readonly ProblemType TooManyRequests = new("too-many-requests", 429, "Too many requests",
        "The requests of this key, or without one of this network, cost more than `RateLimit-Policy` allows, or it sent more reports "
        + "than it may in an hour. Wait for the time in `Retry-After`. `RateLimit` shows with every response what is left; the guide says "
        + "what a request costs.");

    public static readonly ProblemType Internal = new("internal", 500, "Internal error",
        "The service failed. The logs have the cause under the trace id.");

    public static readonly ProblemType Unavailable = new("unavailable", 503, "Service unavailable",
        "The database is not reachable, or the query took too long. Retry after the time in `Retry-After`.");

    public static readonly ProblemType OutcomeUnknown = new("outcome-unknown", 503, "Outcome unknown",
        "The connection to the database was lost during the commit, or no second server confirmed it, and it is not known whether the "
        + "change was made and stays. Repeat the request if it had an `Idempotency-Key`: it is carried out once. Otherwise read the record "
        + "first.");

    public static readonly ProblemType Busy = new("busy", 503, "Too busy",
        "Too many heavy requests (`q`, `count`, `facets`, availability, exports, snapshots) wait already; this one was not started. Retry "
        + "after the time in `Retry-After`. Other requests are served meanwhile.");

    public static readonly ProblemType ReportsFull = new("reports-full", 503, "Too many open reports",
        "As many reports of errors are open as the service keeps. Nothing was written: send the report again after the time in "
        + "`Retry-After`, when editors have closed some.");

    public static readonly ProblemType Deadline = new("deadline", 503, "Deadline exceeded",
        "The request took longer than it may until the first byte of its response (10 seconds where not configured otherwise), and nothing "
        + "was sent or written. Ask for less: a shorter time (`from`, `to`), fewer filters and words, no `count`, no `facets`, a smaller "
        + "`limit`; for all of a list, take an export (`.ndjson`, `.csv`), which begins at once; send a batch in parts. The same request "
        + "may succeed when the service is less busy: retry after `Retry-After`, not at once.");

    public static IReadOnlyList<ProblemType> All { get; } =
    [
        InvalidParameter, InvalidBody, MalformedRequest, Unauthorized, Forbidden, OriginNotAllowed,
        NotFound, Merged, MethodNotAllowed, NotAcceptable,
        Conflict, StillReferenced, MergedRecord, Gone, Redacted,
        PositionGone, Archived, IdempotencyKeyReused, PreconditionFailed, TooLarge, AddressTooLong, UnsupportedMediaType, InvalidRecord,
        PreconditionRequired, TooManyRequests,
        HeadersTooLarge, Internal, Unavailable, OutcomeUnknown, Busy, ReportsFull, Deadline,
    ];

    public static ProblemType OfStatus(int status) =>
        All.FirstOrDefault(t => t.Status == status) ?? (status >= 500 ? Internal : InvalidParameter);
}
