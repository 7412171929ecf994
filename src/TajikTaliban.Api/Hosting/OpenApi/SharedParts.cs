using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>Headers of requests and answers, once each.</summary>
internal static class SharedParts
{
    public const string MinPosition = Positions.MinHeader;

    public static Dictionary<string, IOpenApiParameter> Parameters(QueryParameters query, CodeSchemas codes)
    {
        var parameters = query.Shared().ToDictionary(p => p.Key, p => (IOpenApiParameter)p.Value);
        void Add(string component, string name, string description, bool required = false, string? pattern = null) => parameters[component] = new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Required = required,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern },
        };

        Add("If-None-Match", "If-None-Match", "The `ETag` of the answer that you have: if it still holds, 304 comes instead.");
        Add("If-Modified-Since", "If-Modified-Since", "The `Last-Modified` of the record that you have, for clients that know no `ETag`.");
        Add("If-Match", "If-Match", "The `ETag` of the version that the change is based on, such as `\"3\"`; `*` for whichever there is.", required: true);
        Add("If-Match-To-Replace", "If-Match", "To replace: the `ETag` of the version that the change is based on, such as `\"3\"`; `*` for whichever there is.");
        parameters["Version"] = QueryParameters.Version();
        Add(MinPosition, MinPosition, "A position that the answer has to read up to, such as the `Position` of your own write; asked of a copy of the database "
            + "that has not come so far, the service waits for it.");
        Add(SharedParameter.IdempotencyKey.Component, "Idempotency-Key", "Your name for this request, such as a UUID: sent again with it and the same body, the request gives the first "
            + "answer again (`Idempotency-Replayed: true`) and changes nothing. Kept for two days.", pattern: "^[ -~]{1,255}$");
        Add(SharedParameter.ChangeNote.Component, "Change-Note", "Why the change is made, in your words; it stands in the record's history.", pattern: "^.{1,2000}$");
        Add(SharedParameter.ChangeCause.Component, "Change-Cause", $"Why the change is made. {CodeSchemas.Describe(CodeLists.ChangeCauses, false)}");
        ((OpenApiParameter)parameters[SharedParameter.ChangeCause.Component]).Schema = codes.Sent(CodeLists.ChangeCauses);
        Add("If-None-Match-To-Add", "If-None-Match", "To add: `*`, so that a record that exists is not overwritten.", pattern: @"^\*$");
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

        Add("ETag", "Tag of this answer, for `If-None-Match`; a record's is its version, and serves `If-Match`. That of a list is weak: it leaves the position aside.", "\"1\"");
        Add(Positions.Header, "How far in the ledger the answer reads at least; of a write, the place that it got. `Min-Position`, `asOf` and `after` take it.", RecordExamples.Position);
        Add("Idempotency-Replayed", "`true` when the answer is that of an earlier request with this `Idempotency-Key`.", "true");
        Add("Last-Modified", "When this version was recorded. (Not with `expand`, whose records change on their own.)", "Tue, 24 Nov 2026 10:00:00 GMT");
        Add("Link", "The next page (`rel=\"next\"`), if there is one: `next` of the body.", "</v1/actors?limit=50&cursor=…>; rel=\"next\"");
        Add("Location", "The address of the new record, or of the one that this address leads to.", "/v1/actors/taliban");
        Add("Content-Location", "The record's own address.", "/v1/actors/taliban");
        Add("WWW-Authenticate", "How to show a key.", "Bearer realm=\"tajik-taliban-api\"");
        headers["Retry-After"] = new OpenApiHeader
        {
            Description = "Seconds to wait.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            Example = JsonValue.Create(5),
        };
        return headers;
    }
}
