namespace TajikTaliban.Api.Domain;

/// <summary>
/// The code of a fault: stable, for programs. All codes are listed here with their meanings, and no other can be made. A new code may come
/// at any time; one that exists keeps its meaning.
/// </summary>
public sealed record FaultCode
{
    private static readonly List<FaultCode> Codes = [];

    public static readonly FaultCode Required = new("required", "A field, parameter, header or part is missing, or has no value. "
        + "`with` has the fields that require it.", "with", "min");

    public static readonly FaultCode UnknownField = new("unknown-field", "The body has a field that does not exist.", "nearest", "allowed");

    public static readonly FaultCode UnknownParameter = new("unknown-parameter", "The query has a parameter that does not exist.",
        "nearest", "allowed");

    public static readonly FaultCode DuplicateField = new("duplicate-field", "An object of the body has a field twice.");

    public static readonly FaultCode Repeated = new("repeated", "A parameter or header was sent more than once; it takes one value.");

    public static readonly FaultCode NullNotAllowed = new("null-not-allowed", "The field or member must not be null.");

    public static readonly FaultCode NotAllowedHere = new("not-allowed-here",
        "A field, parameter or value is not allowed together with the rest of the request. `with` has the fields that exclude it.",
        "with");

    public static readonly FaultCode Exclusive = new("mutually-exclusive", "Only one of the parameters, headers or fields in `with` may "
        + "be sent.", "with");

    public static readonly FaultCode Incomplete = new("incomplete", "The parameter or field needs those in `with`.", "with");

    public static readonly FaultCode Contradiction = new("contradiction", "Two values contradict each other; `with` has the other field "
        + "or value.", "value", "with");

    public static readonly FaultCode WrongType = new("wrong-type", "The JSON value is of another type: `expected` is `string`, `boolean`, "
        + "`number`, `integer`, `array` or `object`.", "expected");

    public static readonly FaultCode NotJson = new("not-json", "The body or line is not JSON in UTF-8.", "line", "byte");

    public static readonly FaultCode EmptyBody = new("empty-body", "The body is empty.");

    public static readonly FaultCode BodyNotAllowed = new("body-not-allowed", "The operation accepts no body.");

    public static readonly FaultCode NotUnicode = new("not-unicode", "A text or name is not valid Unicode in UTF-8.");

    public static readonly FaultCode ControlCharacter = new("control-character", "A text has a character that is not allowed: a control "
        + "character, or one that is not shown.", "position");

    public static readonly FaultCode InvalidEscape = new("invalid-escape", "A backslash stands before another character than a comma or a "
        + "backslash; or text is percent-encoded where it must not be, or not where it must be.");

    public static readonly FaultCode Blank = new("blank", "The text is empty or has only spaces.");

    public static readonly FaultCode TooLong = new("too-long", "The text has more than `max` characters.", "max");

    public static readonly FaultCode TooShort = new("too-short", "The text has fewer than `min` characters.", "min");

    public static readonly FaultCode TooMany = new("too-many", "There are more than `max` members, values, parameters or records.", "max",
        "count");

    public static readonly FaultCode TooDeep = new("too-deep", "The body is nested deeper than `max` levels.", "max");

    public static readonly FaultCode TooLarge = new("too-large", "The body or line is larger than `max` bytes.", "max");

    public static readonly FaultCode OutOfRange = new("out-of-range", "The number is not from `min` to `max`.", "min", "max", "default");

    public static readonly FaultCode TooManyDigits = new("too-many-digits", "The number cannot be stored exactly: it has more than `max` "
        + "digits.", "max");

    public static readonly FaultCode UnknownCode = new("unknown-code", "The value is not a code of the code list `list`.", "value", "list",
        "nearest");

    public static readonly FaultCode UnknownValue = new("unknown-value", "The value is not one of those in `allowed`.", "value", "nearest",
        "allowed");

    public static readonly FaultCode UnknownReference = new("unknown-reference", "No record of this `kind` has the id or identifier.",
        "kind", "value", "nearest", "position");

    public static readonly FaultCode NotADate = new("not-a-date", "The value is not a date, or an interval of dates, in EDTF.", "value");

    public static readonly FaultCode NotAPeriod = new("not-a-period", "The value is not an SDMX time period of a year, half-year, quarter "
        + "or month.", "value");

    public static readonly FaultCode NotAnInstant = new("not-an-instant", "The value is not an instant with its offset.", "value");

    public static readonly FaultCode NotAPosition = new("not-a-position", "The value is not a position that the service returned.",
        "value");

    public static readonly FaultCode NotAState = new("not-a-state", "The value is neither a position, nor an instant with its offset, nor "
        + "a release.", "value", "nearest");

    public static readonly FaultCode NotANumber = new("not-a-number", "The value is not a number.", "value");

    public static readonly FaultCode NotABox = new("not-a-box", "The value is not west, south, east and north in degrees.");

    public static readonly FaultCode NotAWord = new("not-a-word", "The words to find have no letter or digit, or more than `max` "
        + "characters.", "max");

    public static readonly FaultCode NotAnId = new("not-an-id", "The value does not have the form of an id.", "value");

    public static readonly FaultCode NotAnIdentifier = new("not-an-identifier", "The value is not an identifier of a known scheme.",
        "value", "scheme", "nearest");

    public static readonly FaultCode NotALanguage = new("not-a-language", "The value is not a BCP 47 tag.");

    public static readonly FaultCode NotAnAddress = new("not-an-address", "The value is not an absolute web address.");

    public static readonly FaultCode AddressNotAllowed = new("address-not-allowed", "The address has a part that is not allowed, or leads "
        + "to a network that is not allowed.");

    public static readonly FaultCode NotACommodityCode = new("not-a-commodity-code", "The value is not a code of the classification.",
        "value", "classification");

    public static readonly FaultCode NotAPointer = new("not-a-pointer", "The value is not a JSON Pointer.");

    public static readonly FaultCode NotAnETag = new("not-an-etag", "The header is not an `ETag` of the record.");

    public static readonly FaultCode NotAKey = new("not-an-idempotency-key", "The idempotency key does not have 1 to `max` printable "
        + "ASCII characters.", "max");

    public static readonly FaultCode NotAnEdition = new("not-an-edition", "The value does not have the form of an edition.");

    public static readonly FaultCode InvalidCursor = new("invalid-cursor", "The cursor is invalid or belongs to another query.");

    public static readonly FaultCode EndsBeforeStart = new("ends-before-start", "A time or range ends before it starts.", "from", "to");

    public static readonly FaultCode InFuture = new("in-future", "The instant is in the future.");

    public static readonly FaultCode OutsideTime = new("outside-time", "The moment lies before the beginning or after the end.");

    public static readonly FaultCode Duplicate = new("duplicate", "A member of a list appears twice.", "value");

    public static readonly FaultCode Overlap = new("overlap", "Two times of the same fact overlap.");

    public static readonly FaultCode SelfReference = new("self-reference", "The record would relate one record to itself.", "value", "id");

    public static readonly FaultCode UnknownPart = new("unknown-part", "The record has nothing at the JSON Pointer.", "value");

    public static readonly FaultCode ReadOnly = new("read-only", "The service sets the field, or it cannot be changed.");

    public static readonly FaultCode Reserved = new("reserved", "The value is reserved and cannot be an id.", "value");

    public static readonly FaultCode NotFound = new("not-found", "No record or resource of this `kind` has the id or identifier.", "kind",
        "value", "nearest");

    public static readonly FaultCode UnknownVersion = new("unknown-version", "The record has no such version.", "id", "version",
        "current");

    public static readonly FaultCode CurrentVersion = new("current-version", "The version is the current one.", "version");

    public static readonly FaultCode NothingToDo = new("nothing-to-do", "There is nothing that the operation could do.");

    public static readonly FaultCode Taken = new("taken", "Another record has the id, identifier or natural key; `id` and `href` name it "
        + "where it is known.", "value", "id", "href");

    public static readonly FaultCode IdReused = new("id-reused", "A deleted record had the id; ids are never reused.", "id");

    public static readonly FaultCode Deleted = new("deleted", "The record was deleted.", "id");

    public static readonly FaultCode Merged = new("merged", "The record was merged into `mergedInto`.", "id", "mergedInto", "href");

    public static readonly FaultCode StillReferenced = new("still-referenced", "Other records refer to the record, or are stated in it.",
        "id", "count", "href");

    public static readonly FaultCode ConcurrentChange = new("concurrent-change", "Another request changed the same at the same time.");

    public static readonly FaultCode Rejected = new("rejected",
        "The part of the request was refused for the reason in the message; `constraint` names a rule of the database.", "constraint");

    public static readonly FaultCode LimitReached = new("limit-reached", "No more than `max` of these can exist.", "max");

    public static readonly FaultCode VersionMismatch = new("version-mismatch", "The condition does not match the current version.", "id",
        "version");

    public static readonly FaultCode Exists = new("exists", "The record exists already, against the condition.");

    public static readonly FaultCode DoesNotExist = new("does-not-exist", "The record does not exist, against the condition.");

    public static readonly FaultCode ConditionRequired = new("condition-required", "The record exists; a change requires its `ETag`.",
        "etag");

    public static readonly FaultCode KeyRequired = new("key-required", "The operation requires a key.");

    public static readonly FaultCode KeyNotAccepted = new("key-not-accepted", "The key is unknown, revoked, expired or replaced.");

    public static readonly FaultCode RoleNotAllowed = new("role-not-allowed", "The role of the key does not allow the operation.",
        "role");

    public static readonly FaultCode OriginNotAllowed = new("origin-not-allowed",
        "Pages of the origin may not send keys, and may not write.");

    public static readonly FaultCode UnsupportedMediaType = new("unsupported-media-type", "The media type of the body is not supported.",
        "allowed");

    public static readonly FaultCode UnsupportedCharset = new("unsupported-charset", "The charset of the body is not UTF-8.");

    public static readonly FaultCode UnsupportedEncoding = new("unsupported-encoding", "The body is compressed, which is not supported.");

    public static readonly FaultCode NotAcceptable = new("not-acceptable", "No representation has a media type that `Accept` names.",
        "allowed");

    public static readonly FaultCode UnknownFormat = new("unknown-format", "The address has no such format.", "value", "nearest",
        "allowed");

    public static readonly FaultCode OtherFormat = new("other-format", "The parameter is only for the formats in `allowed`.", "value",
        "allowed");

    public static readonly FaultCode PositionGone = new("position-gone", "The position is not in this history.", "position");

    public static readonly FaultCode PositionAhead = new("position-ahead", "This database has not reached the position yet.");

    public static readonly FaultCode Archived = new("archived", "The changes after the position are in an archive.", "archive", "position");

    public static readonly FaultCode IdempotencyKeyReused = new("idempotency-key-reused", "The key was used for another request.");

    public static readonly FaultCode IdempotencyKeyExpired = new("idempotency-key-expired", "The key has just expired, or its response "
        + "can no longer be read.");

    /// <summary>For rules of the validation library that have no fault of their own; a test finds them.</summary>
    public static readonly FaultCode Invalid = new("invalid", "The value breaks another rule.");

    private FaultCode(string value, string meaning, params string[] data)
    {
        (Value, Meaning, Data) = (value, meaning, data);
        Codes.Add(this);
    }

    /// <summary>The code, in kebab-case.</summary>
    public string Value { get; }

    /// <summary>A sentence for the documentation.</summary>
    public string Meaning { get; }

    /// <summary>The names that the data of such a fault may have.</summary>
    public IReadOnlyList<string> Data { get; }

    public static IReadOnlyList<FaultCode> All => Codes;
}
