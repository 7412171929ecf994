using System.Text.Json;
using Microsoft.OpenApi;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Platform.Fairness;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The problems of the operations, once each, with examples.</summary>
internal static class ContractProblems
{
    public const string MediaType = "application/problem+json";
    public const string NotModified = "NotModified";
    public const string TooManyRequests = "TooManyRequests";
    public const string InternalError = "InternalError";
    public const string Any = "AnyOtherProblem";

    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    /// <summary>The name of the response with a status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="hasBody">Whether the operation has a body.</param>
    /// <param name="isOfRecord">Whether its path names a record, which may be gone.</param>
    public static string NameOf(string status, string? method, bool hasBody, bool isOfRecord) => status switch
    {
        "308" => "Merged",
        "400" => hasBody ? "InvalidBody" : "InvalidParameter",
        "401" => "Unauthorized",
        "403" => "Forbidden",
        "404" => "NotFound",
        "406" => "NotAcceptable",
        "409" => method == HttpMethods.Delete ? "StillReferenced" : "Conflict",
        "410" => isOfRecord ? "Gone" : "PositionGone",
        "412" => "PreconditionFailed",
        "413" => "TooLarge",
        "415" => "UnsupportedMediaType",
        "422" => method == HttpMethods.Post ? "InvalidRecordOrKey" : "InvalidRecord",
        "428" => "PreconditionRequired",
        "429" => TooManyRequests,
        "503" => "Unavailable",
        _ => throw new InvalidOperationException($"The contract has no description of a problem with the status {status}."),
    };

    /// <summary>All problems by name.</summary>
    /// <param name="document">The contract.</param>
    /// <param name="part">A record that is part of another, which cannot be deleted before it.</param>
    public static Dictionary<string, IOpenApiResponse> All(OpenApiDocument document, RecordLink part)
    {
        const string Actor = "/v1/actors/taliban";
        var problems = new Dictionary<string, IOpenApiResponse>();
        void Add(string name, string description, params Problem[] examples) => problems[name] = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [MediaType] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchemaReference(nameof(Problem), document),
                    Examples = examples.ToDictionary(e => e.Code, e => (IOpenApiExample)new OpenApiExample
                    {
                        Summary = e.Title,
                        Value = JsonSerializer.SerializeToNode(e, ApiJson.Options),
                    }),
                },
            },
        };

        var parameter = Of(ProblemType.InvalidParameter, "/v1/events",
            ("/query/limit", Fault.NotFrom(1, ListRequest.MaxLimit, ListRequest.DefaultLimit)),
            ("/query/actr", Fault.UnknownParameter("actr", ["id", "type", "actor"])));
        Add("InvalidParameter", "A parameter, path or header is not valid; `errors` states the valid form.", parameter);
        Add("InvalidBody", "The body or a header is not valid: no JSON, or fields that are unknown, missing or of a wrong type.",
            Of(ProblemType.InvalidBody, "/v1/actors", ("/nam", Fault.UnknownField("nam", ["type", "name"])),
                ("/citations", Fault.Required)),
            Of(ProblemType.InvalidParameter, Actor,
                ("/header/If-Match",
                    new Fault(FaultCode.NotAnETag, "Send the ETag of the record with its quotes: \"tajikistan.3\"."))));
        Add("Unauthorized", "The key is missing, unknown or revoked.",
            Of(ProblemType.Unauthorized, "/v1/actors",
                ("/header/Authorization", new Fault(FaultCode.KeyRequired, "Send `Authorization: Bearer KEY`."))));
        Add("Forbidden", "The role of the key does not allow this operation, or pages of the origin may not send keys or write.",
            Of(ProblemType.Forbidden, "/v1/actors",
                ("/header/Authorization", new Fault(FaultCode.RoleNotAllowed,
                    "The key 'reports' has the role 'reader', which does not allow writing.", ("role", "reader")))),
            Of(ProblemType.OriginNotAllowed, "/v1/reports",
                ("/header/Origin", new Fault(FaultCode.OriginNotAllowed,
                    "Pages of https://example.org may not write to this service. Send the request from your own server, or ask its "
                    + "operator to add the origin to Cors__Origins."))));
        Add("NotFound", "No record has this id, and none with it was deleted.",
            Of(ProblemType.NotFound, "/v1/actors/talibn", ("/path/id", Fault.NotFound("actor", "talibn"))));
        Add("NotAcceptable", "No representation has a media type that `Accept` names.",
            Of(ProblemType.NotAcceptable, "/v1/actors", ("/header/Accept", new Fault(FaultCode.NotAcceptable,
                "This address has application/json.", ("allowed", (string[])["application/json"])))));
        var tombstone = new TombstoneResponse("somebody", 2, RecordExamples.RecordedAt, "taliban");
        var merged = Of(ProblemType.MergedRecord, "/v1/actors/somebody",
            ("/path/id", new Fault(FaultCode.Merged,
                "'somebody' was merged into 'taliban' (/v1/actors/taliban). Nothing was written: read the survivor, and send the change "
                + "to its own id.", ("id", "somebody"), ("mergedInto", "taliban"), ("href", Actor)))) with
        {
            Tombstone = tombstone,
            MergedInto = tombstone.MergedInto,
        };
        Add("Conflict", "Another record has the id, an identifier or the natural key; or the record was merged into `mergedInto`.",
            Of(ProblemType.Conflict, "/v1/actors", ("/identifiers/0", new Fault(FaultCode.Taken,
                "iso3:TJK is the actor 'tajikistan' (/v1/actors/tajikistan).", ("value", "iso3:TJK"), ("id", "tajikistan"),
                ("href", "/v1/actors/tajikistan")))),
            merged);
        Add("StillReferenced",
            "Other records refer to this one: `referencedBy` lists the first 20, `referencedByTotal` counts all. Or the record was merged "
            + "into `mergedInto`.",
            Of(ProblemType.StillReferenced, "/v1/indicators/border-length") with
            {
                Detail = $"Records still refer to 'border-length': {part.Id}.",
                ReferencedBy = [part],
                ReferencedByTotal = 1,
            }, merged);
        var positionGone = Of(ProblemType.PositionGone, "/v1/changes",
            ("/query/after", new Fault(FaultCode.PositionGone,
                "The position 1042-5f0c2b9a is not in this history: it is from another service or mistyped, or the database was restored "
                + "from an earlier backup. Start again from /v1/snapshot and replace your copy with it.",
                ("position", RecordExamples.Position)))) with
        {
            Restart = "/v1/snapshot",
        };
        Add("Gone",
            "The record was deleted: `tombstone` states when. Or a position is not in this history: `restart` is the address of a new "
            + "start.",
            Of(ProblemType.Gone, "/v1/actors/somebody") with
            {
                Detail = "'somebody' was deleted; its id is never reused.",
                Tombstone = new TombstoneResponse("somebody", 2, RecordExamples.RecordedAt, null),
            }, positionGone);
        Add("PositionGone", "A position (`after`, `asOf`, `Min-Position`) is not in this history; `restart` is the address of a new start.",
            positionGone);
        Add("Merged", "The record was merged into another; `Location` is the address of the survivor with the same query.",
            Of(ProblemType.Merged, "/v1/actors/somebody") with
            {
                Detail = "'somebody' was merged into 'taliban' (/v1/actors/taliban).",
                Tombstone = tombstone,
                MergedInto = tombstone.MergedInto,
            });
        Add("PreconditionFailed", "The version in `If-Match` is not the current one, or the record exists despite `If-None-Match: *`.",
            Of(ProblemType.PreconditionFailed, Actor,
                ("/header/If-Match", new Fault(FaultCode.VersionMismatch,
                    "The current version is 2; it does not match the condition.", ("id", "taliban"), ("version", 2)))));
        Add("TooLarge", "The body is larger than 1 MiB.", Of(ProblemType.TooLarge, "/v1/actors", ("",
            new Fault(FaultCode.TooLarge, ProblemType.TooLarge.Meaning, ("max", Limits.BodyBytes)))));
        Add("UnsupportedMediaType", "The media type, charset or encoding of the body is not supported.",
            Of(ProblemType.UnsupportedMediaType, "/v1/actors", ("/header/Content-Type",
                Fault.UnsupportedMediaType("Send application/json.", "application/json"))));
        var invalid = Of(ProblemType.InvalidRecord, "/v1/events",
            ("/type", Fault.UnknownCode(CodeLists.EventTypes, "CONSLT")),
            ("/participants/0/actor", Fault.UnknownReference("actor", "talibn", "taliban")));
        Add("InvalidRecord", "The body breaks a rule; `errors` lists all errors.", invalid);
        Add("InvalidRecordOrKey",
            "The body breaks a rule (`errors` lists all errors), or the `Idempotency-Key` was used for another request.",
            invalid, Of(ProblemType.IdempotencyKeyReused, "/v1/events",
                ("/header/Idempotency-Key", new Fault(FaultCode.IdempotencyKeyReused,
                    "The key was used for another request; send a new key with a new request."))));
        Add("PreconditionRequired", "The record exists: send `If-Match` with the `ETag` of the version that the change is based on.",
            Of(ProblemType.PreconditionRequired, Actor, ("/header/If-Match", new Fault(FaultCode.ConditionRequired,
                "The record exists; send If-Match with the ETag of the version that the change is based on (the current one is "
                + "\"taliban.1\").", ("etag", "\"taliban.1\"")))));
        Add(TooManyRequests, "The requests of this key or network cost more than `RateLimit-Policy` allows; retry after `Retry-After`.",
            Of(ProblemType.TooManyRequests, "/v1/events") with
            {
                Detail = "The requests of this network cost more than 6000 points a minute. This one costs 6; 2 are left.",
            });
        Add("Unavailable",
            "The database is not reachable, the request took longer than it may, or too many heavy requests wait already; retry after "
            + "`Retry-After`.",
            Of(ProblemType.Unavailable, "/v1/actors") with { Detail = ProblemType.Unavailable.Meaning },
            Of(ProblemType.Deadline, "/v1/events") with { Detail = ProblemType.Deadline.Meaning },
            Of(ProblemType.Busy, "/v1/events") with { Detail = ProblemType.Busy.Meaning });
        Add(InternalError, "The service failed. The logs have the cause under `traceId`.",
            Of(ProblemType.Internal, "/v1/actors") with { Detail = ProblemType.Internal.Meaning });
        Add(Any,
            "Any other problem: a key that is not accepted (401), a method that is not allowed (405, with `Allow`), an address that is too "
            + "long (414).",
            Of(ProblemType.AddressTooLong, "/v1/actors") with { Detail = ProblemType.AddressTooLong.Meaning });

        problems[NotModified] = new OpenApiResponse { Description = "Your copy is current." };
        foreach (var (name, result) in problems)
        {
            string[] headers = name switch
            {
                "Unauthorized" => ["WWW-Authenticate", Positions.Header],
                "Unavailable" => ["Retry-After", Positions.Header],
                TooManyRequests => ["Retry-After", RateLimits.PolicyHeader, RateLimits.Header, Positions.Header],
                "Merged" => ["Location", Positions.Header],
                NotModified => ["ETag", Positions.Header],
                _ => [Positions.Header],
            };
            ((OpenApiResponse)result).Headers = headers.ToDictionary(h => h, h => (IOpenApiHeader)new OpenApiHeaderReference(h, document));
        }

        return problems;
    }

    private static Problem Of(ProblemType type, string path, params (string Pointer, Fault Fault)[] errors)
    {
        var found = new Errors();
        foreach (var (pointer, fault) in errors)
            found.Add(pointer, fault);
        return Problem.Of(type) with
        {
            Detail = found.Any ? found.ToException(type).Message : null,
            Instance = path,
            Errors = found.Any ? Problem.ErrorsOf(found.All) : null,
            TraceId = TraceId,
        };
    }
}
