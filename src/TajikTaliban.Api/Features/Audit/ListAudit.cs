using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Features.Audit;

/// <summary>Something that was done, or refused.</summary>
public sealed record AuditEntryResponse
{
    /// <summary>The number of the entry.</summary>
    public required long Id { get; init; }

    /// <summary>The instant (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// The name of the operation in this contract (`createActor`), of a command (`keys.rotate`, `seed`), or `refused` for requests whose
    /// key was not accepted (401) or does not allow the operation (403).
    /// </summary>
    public required string Action { get; init; }

    /// <summary>The address of what was written or asked for; of a command, what it was about.</summary>
    public required string Target { get; init; }

    /// <summary>The name of the key; null for commands, and for keys that are not known.</summary>
    public required string? Key { get; init; }

    /// <summary>The pseudonym of the key, which others see and which the access log has.</summary>
    public required string? Pseudonym { get; init; }

    /// <summary>The network address of the request; of a command, the account and the machine.</summary>
    public required string? Address { get; init; }

    /// <summary>The id of the request, as in the access log; null for commands.</summary>
    public required string? Request { get; init; }

    /// <summary>The HTTP status; null for commands.</summary>
    public required int? Status { get; init; }

    /// <summary>How many requests the entry stands for: refusals of two seconds are counted by address, key and status.</summary>
    public required int Count { get; init; }

    /// <summary>The position of the transaction; null if no record changed.</summary>
    public required string? Position { get; init; }

    /// <summary>More about what was done.</summary>
    public required string? Detail { get; init; }
}

/// <summary>Entries of the audit log, newest first.</summary>
/// <param name="Items">The entries.</param>
/// <param name="Next">The address of the next page, with older entries; null on the last page.</param>
public sealed record AuditResponse(IReadOnlyList<AuditEntryResponse> Items, string? Next);

/// <summary>GET of <c>/v1/audit</c>: who did what.</summary>
internal static class ListAudit
{
    private const string Tag = "Audit";
    private const int MaxText = 100;

    public static void MapAudit(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/audit", HandleAsync).WithTags(Tag).WithName("listAudit").WithSummary("List who did what, newest first")
            .WithDescription(
                "Every write, change of a key or of a webhook endpoint, administrative command and refusal of a key. An entry of a write "
                + "is committed with it. Entries are not changed; refusals are kept for 90 days.")
            .WithMetadata(
                new TagText(Tag, "Who did what, for administrators."),
                new QueryParameter("action", "Return entries of this action, such as `createActor`, `keys.rotate` or `refused`.",
                    ParameterShape.Text(MaxText)),
                new QueryParameter("key", "Return entries of the key with this name.", ParameterShape.Text(MaxText)),
                new QueryParameter("limit", "Entries per page.", ParameterShape.Number(1, ListRequest.MaxLimit, ListRequest.DefaultLimit)),
                new QueryParameter("cursor", "Start of the page. Take it from `next` unchanged.",
                    ParameterShape.Text(QueryText.MaxValueLength)),
                new ResponseText(200, "Entries, newest first."), new ResponseExample(200, AuditExamples.Page))
            .RequireAuthorization(Roles.Admin)
            .Produces<AuditResponse>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(406)
            .ProducesProblem(410).ProducesProblem(503);

    private static async Task HandleAsync(AuditLog audit, KeyNames names, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        var errors = new Errors();
        var text = QueryText.Read(http.Request, ["action", "key", "limit", "cursor"], [], errors);
        var limit = text.Limit(errors) ?? ListRequest.DefaultLimit;
        foreach (var name in (string[])["action", "key"])
        {
            if (text[name] is { Length: 0 or > MaxText })
                errors.Add($"/query/{name}", new Fault(FaultCode.TooLong, $"Use 1 to {MaxText} characters.", ("max", MaxText)));
        }

        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var (query, secrets) = ($"audit/{text["action"]}/{text["key"]}", Cursor.SecretsOf(http));
        long? before = text["cursor"] is not { } cursor ? null
            : long.TryParse(
                Cursor.Read(cursor, 1, query, secrets)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number : throw Cursor.Refused();
        var found = await audit.ReadAsync(before, text["action"], text["key"], limit + 1, cancellation);
        var next = found.Count <= limit ? null
            : Next(http.Request, Cursor.Write([found[limit - 1].Id.ToString(CultureInfo.InvariantCulture)], query, secrets));
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new AuditResponse([.. found.Take(limit).Select(e => ResponseOf(e, names.PseudonymOf))], next), ApiJson.Options);
        await JsonResponse.SendPrivateAsync(http, body, cancellation);
    }

    public static AuditEntryResponse ResponseOf(StoredAuditEntry stored, Func<string, string> pseudonymOf) => new()
    {
        Id = stored.Id,
        At = stored.At,
        Action = stored.Entry.Action,
        Target = stored.Entry.Target,
        Key = stored.Entry.Key,
        Pseudonym = stored.Entry.Key is { } key ? pseudonymOf(key) : null,
        Address = stored.Entry.Address,
        Request = stored.Entry.Request,
        Status = stored.Entry.Status,
        Count = stored.Entry.Count,
        Position = stored.Position?.ToString(),
        Detail = stored.Entry.Detail,
    };

    private static string Next(HttpRequest request, string cursor)
    {
        var parameters = QueryHelpers.ParseQuery(request.QueryString.Value);
        parameters["cursor"] = cursor;
        return QueryHelpers.AddQueryString(request.Path.ToUriComponent(), parameters);
    }
}
