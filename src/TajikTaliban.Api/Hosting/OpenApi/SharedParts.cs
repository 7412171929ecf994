using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Fairness;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>Headers of requests and responses, once each.</summary>
internal static class SharedParts
{
    public const string MinPosition = Positions.MinHeader;

    public static Dictionary<string, IOpenApiParameter> Parameters(QueryParameters query, CodeSchemas codes)
    {
        var parameters = query.Shared().ToDictionary(p => p.Key, p => (IOpenApiParameter)p.Value);
        void Add(string component, string name, string description, bool required = false, string? pattern = null) =>
            parameters[component] = new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Header,
                Required = required,
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern },
            };

        Add("If-None-Match", "If-None-Match", "`ETag` of your copy; the response is 304 if the copy is current.");
        Add("If-Modified-Since", "If-Modified-Since",
            "`Last-Modified` of your copy, for clients without `ETag` support. It has whole seconds; `ETag` is exact.");
        Add("If-Match", "If-Match",
            "`ETag` of the version that the change is based on, such as `\"tajikistan.3.4b7d12e0\"`; `*` for any version.",
            required: true);
        Add("If-Match-To-Replace", "If-Match",
            "To replace: `ETag` of the version that the change is based on, such as `\"tajikistan.3.4b7d12e0\"`; `*` for any version.");
        parameters["Version"] = QueryParameters.Version();
        Add(MinPosition, MinPosition,
            "Minimum position that the response must reflect, such as the `Position` of your own write. A service on a "
            + "standby database waits for it.");
        Add(SharedParameter.IdempotencyKey.Component, "Idempotency-Key",
            "A unique key for this request, such as a UUID. The same key with the same method, address, body, cause and note "
            + "returns the first response again (`Idempotency-Replayed: true`) and changes nothing. Kept for two days.",
            pattern: "^[ -~]{1,255}$");
        Add(SharedParameter.ChangeNote.Component, ChangeNote.Header,
            "The reason for the change, as text for the history. Text beyond ASCII, which many clients do not send in headers, goes into "
            + $"`{ChangeNote.EncodedHeader}`.",
            pattern: "^.{1,2000}$");
        Add(SharedParameter.EncodedChangeNote.Component, ChangeNote.EncodedHeader,
            $"`{ChangeNote.Header}` in any script, percent-encoded UTF-8 by RFC 8187: `UTF-8''` and what JavaScript's `encodeURIComponent` "
            + "or "
            + ".NET's `Uri.EscapeDataString` makes of the text. Send one of the two.",
            pattern: "^[Uu][Tt][Ff]-8'[A-Za-z0-9-]*'[!#$&'()*+.^_`|~%A-Za-z0-9-]+$");
        Add(SharedParameter.ChangeCause.Component, "Change-Cause",
            $"The cause of the change. {CodeSchemas.Describe(CodeLists.ChangeCauses, false)}");
        ((OpenApiParameter)parameters[SharedParameter.ChangeCause.Component]).Schema = codes.Sent(CodeLists.ChangeCauses);
        parameters[SharedParameter.DryRun.Component] = new OpenApiParameter
        {
            Name = DryRun.Parameter,
            In = ParameterLocation.Query,
            Description = "`true` to check the write to its end without writing: the response is the one that the write would get, with "
                + $"`{DryRun.Header}: true`, and errors are those of the write. There is no `ETag` of what was not written, and `Position` "
                + "is not that of a write; an id and an instant that the service makes are others in the write itself. "
                + "`Idempotency-Key` is not looked up.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) },
        };
        Add("If-None-Match-To-Add", "If-None-Match", "To create: `*`, so that no existing record is replaced.", pattern: @"^\*$");
        return parameters;
    }

    public static Dictionary<string, IOpenApiHeader> Headers()
    {
        var headers = new Dictionary<string, IOpenApiHeader>();
        void Add(string name, string description, string example) => headers[name] = new OpenApiHeader
        {
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = JsonValue.Create(example),
        };

        Add("ETag",
            "Tag of this response for `If-None-Match`, and of a record also for `If-Match`, which compares its id and version alone: the "
            + "tag of an earlier edition or of another representation serves as well. The tag of a list is weak: it ignores the position.",
            RecordETag.Of("taliban", 1, RecordExamples.Edition));
        Add(Edition.Header, "The current edition of responses, for the parameter `edition`. It changes with versions of the service.",
            RecordExamples.Edition.Text);
        Add(Positions.Header,
            "Minimum ledger position this response reflects; for a write, its own position. For `Min-Position` and `after`, and for `asOf` "
            + "if it is that of a write: what was read may be newer. The `position` of a list is that of its records.",
            RecordExamples.Position);
        Add("Idempotency-Replayed", "`true` if this is the response to an earlier request with the same `Idempotency-Key`.", "true");
        Add(DryRun.Header, "`true` if nothing was written, as `dryRun=true` asked.", "true");
        Add("Redacted",
            "How many records a list leaves out because their content as of its position was removed. Only if there are any.", "1");
        Add("Last-Modified",
            "The first full second after this version was recorded. Absent in the first minute, and with `expand` (expanded records change "
            + "on their own). A new edition of the service does not change it.",
            "Tue, 24 Nov 2026 10:00:01 GMT");
        Add("Link", "The next page (`rel=\"next\"`), as in `next`; absent on the last page.",
            "</v1/actors?limit=50&cursor=…>; rel=\"next\"");
        Add("Location", "The address of the new record, or the target of the redirect.", "/v1/actors/taliban");
        Add("Content-Location", "The address of the record.", "/v1/actors/taliban");
        Add("WWW-Authenticate", "The authentication scheme.", "Bearer realm=\"tajik-taliban-api\"");
        Add(RateLimits.PolicyHeader,
            "The rate limit of the key, or without one of the network: `q` points in `w` seconds. With every response to a client that has "
            + "a limit.", "\"network\";q=6000;w=60");
        Add(RateLimits.Header, "The points that are left (`r`), and the seconds until all are (`t`).", "\"network\";r=5994;t=1");
        headers["Retry-After"] = new OpenApiHeader
        {
            Description = "Seconds to wait.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            Example = JsonValue.Create(5),
        };
        return headers;
    }
}
