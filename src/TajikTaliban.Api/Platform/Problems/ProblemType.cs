namespace TajikTaliban.Api.Platform.Problems;

/// <summary>A kind of problem (RFC 9457): its <c>type</c> is the address of a page that says what it means and how to mend it.</summary>
public sealed record ProblemType(string Slug, int Status, string Title, string Meaning)
{
    public string Path => $"/problems/{Slug}";

    public static readonly ProblemType InvalidParameter = new("invalid-parameter", 400, "A parameter cannot be understood",
        "A query parameter, path segment or header is unknown or its value is not of the form that it takes. `errors` names it "
        + "(`/query/limit`, `/path/id`, `/header/If-Match`) and says what it takes; where a known name or value is near, it is suggested. "
        + "Nothing is ever silently ignored.");

    public static readonly ProblemType InvalidBody = new("invalid-body", 400, "The body cannot be understood",
        "The body is not JSON, or has fields that are unknown, missing or of the wrong type. `errors` maps the JSON Pointer (RFC 6901) "
        + "of each such place to what is wrong there; an empty pointer is the body as a whole.");

    public static readonly ProblemType Unauthorized = new("unauthorized", 401, "A key is needed",
        "Writing needs `Authorization: Bearer KEY`. The key is missing, unknown or revoked. An operator makes one with `keys create`.");

    public static readonly ProblemType Forbidden = new("forbidden", 403, "The key may not do this",
        "The key is known, but its role does not allow this. `editor` writes records, `admin` does all.");

    public static readonly ProblemType NotFound = new("not-found", 404, "There is no such thing",
        "No record, list or page is at this address, and none was deleted from it.");

    public static readonly ProblemType Merged = new("merged", 308, "The record was merged into another",
        "Two records described the same thing and became one. `Location` leads to the survivor, which lists the old id in `referents`; what referred to "
        + "the old one refers to the survivor.");

    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "The address does not take this method",
        "The `Allow` header names the methods that it takes.");

    public static readonly ProblemType NotAcceptable = new("not-acceptable", 406, "No such representation",
        "The service cannot give the media type that `Accept` asks for.");

    public static readonly ProblemType Conflict = new("conflict", 409, "The record conflicts with another",
        "The id, an identifier or the natural key is already another record's, or the id was a deleted record's: ids are never reused. "
        + "`errors` names the field and the record that has it.");

    public static readonly ProblemType StillReferenced = new("still-referenced", 409, "Other records refer to this one",
        "A record that others refer to is not deleted. `referencedBy` lists them; change or delete those first.");

    public static readonly ProblemType Gone = new("gone", 410, "The record was deleted",
        "The record was here and has been deleted; `tombstone` says when. Its id is never used again.");

    public static readonly ProblemType PositionGone = new("position-gone", 410, "The position is not of this history",
        "The database was restored from a backup that is older than the position, so what came before it did not happen here. `restart` says where "
        + "to begin again: take the snapshot, which says its own position, replace the copy with it, and follow the changes from there.");

    public static readonly ProblemType IdempotencyKeyReused = new("idempotency-key-reused", 422, "The idempotency key was used for another request",
        "An `Idempotency-Key` stands for one request: sent again with the same body it gives the first answer again, with another it is refused. "
        + "Send a new key with a new request.");

    public static readonly ProblemType PreconditionFailed = new("precondition-failed", 412, "The record has changed meanwhile",
        "The version in `If-Match` is no longer the current one, or `If-None-Match: *` was sent and the record exists. "
        + "Read the record again, look at what changed, and send the change with its new `ETag`.");

    public static readonly ProblemType TooLarge = new("too-large", 413, "The body is too large",
        "One record's body may have 1 MiB at most.");

    public static readonly ProblemType AddressTooLong = new("address-too-long", 414, "The address is too long",
        "The path and query together may have 8 KiB at most.");

    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "The body's media type is not taken",
        "POST and PUT take `application/json`, PATCH takes `application/merge-patch+json` (RFC 7396) or `application/json`, "
        + "`/v1/batch` takes `application/x-ndjson`; UTF-8 alone.");

    public static readonly ProblemType InvalidRecord = new("invalid-record", 422, "The record does not hold together",
        "The body is well formed, but what it says breaks a rule: a code that is not in its list, a date that does not exist, a reference to a "
        + "record that is not there. `errors` maps each JSON Pointer to what is wrong, all of them at once.");

    public static readonly ProblemType PreconditionRequired = new("precondition-required", 428, "A condition is required",
        "Changing or deleting an existing record needs `If-Match` with its `ETag`, so that nobody's change is overwritten unseen. "
        + "`If-None-Match: *` makes sure that a PUT adds a record and replaces none.");

    public static readonly ProblemType HeadersTooLarge = new("headers-too-large", 431, "The headers are too large",
        "All headers of a request together may have 32 KiB at most.");

    public static readonly ProblemType TooManyRequests = new("too-many-requests", 429, "Too many requests",
        "Wait for as long as `Retry-After` says.");

    public static readonly ProblemType Internal = new("internal", 500, "The service failed",
        "This is our error. The trace id finds it in the logs.");

    public static readonly ProblemType Unavailable = new("unavailable", 503, "The service cannot answer just now",
        "The database is not reachable or the query took too long. Try again after as long as `Retry-After` says.");

    public static IReadOnlyList<ProblemType> All { get; } =
    [
        InvalidParameter, InvalidBody, Unauthorized, Forbidden, NotFound, Merged, MethodNotAllowed, NotAcceptable, Conflict, StillReferenced, Gone, PositionGone, IdempotencyKeyReused,
        PreconditionFailed, TooLarge, AddressTooLong, UnsupportedMediaType, InvalidRecord, PreconditionRequired, TooManyRequests,
        HeadersTooLarge, Internal, Unavailable,
    ];

    public static ProblemType OfStatus(int status) => All.FirstOrDefault(t => t.Status == status) ?? (status >= 500 ? Internal : InvalidParameter);
}
