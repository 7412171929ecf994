using System.Globalization;
using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Releases;

/// <summary>A record that differs between two releases.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Id">The id of the record.</param>
/// <param name="Change">`added`, `changed` or `removed`.</param>
/// <param name="VersionBefore">The version in the first release; null if the release does not contain the record.</param>
/// <param name="VersionAfter">The version in the second release; null if the release does not contain the record.</param>
/// <param name="Differences">The fields that differ, if both releases have the record.</param>
public sealed record ReleaseChangeResponse(
    string Resource,
    string Id,
    [property: Values("ReleaseChangeKind", "The difference of a record between two releases.", "added", "changed", "removed")]
    string Change,
    int? VersionBefore, int? VersionAfter, IReadOnlyList<FieldDifference> Differences);

/// <summary>The differences between two releases.</summary>
/// <param name="From">The first release.</param>
/// <param name="To">The second release.</param>
/// <param name="Items">The records that differ, by resource and id.</param>
/// <param name="Next">The address of the next page; null on the last page.</param>
public sealed record ReleaseChangesResponse(
    ReleaseResponse From, ReleaseResponse To, IReadOnlyList<ReleaseChangeResponse> Items, string? Next);

internal sealed class GetReleaseChanges(ReleaseReader releases, DifferenceReader differences, ResourceCatalogue catalogue)
{
    public async Task HandleAsync(string id, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        var text = QueryText.Read(http.Request, ["to", "limit", "cursor"], [], errors);
        var limit = text.Limit(errors) ?? ListRequest.DefaultLimit;
        errors.ThrowIfAny(ProblemType.InvalidParameter);

        var from = await GetRelease.FindAsync(id, "/path/id", releases, cancellation);
        var to = await GetRelease.FindAsync(text["to"] ?? GetRelease.Latest, "/query/to", releases, cancellation);
        if (to.Position.Number < from.Position.Number)
            throw ProblemException.Query("to", $"The release '{to.Id}' has an earlier position than '{from.Id}'; swap them.");

        var query = $"release-changes/{from.Id}/{to.Id}";
        var after = text["cursor"] is { } cursor && Cursor.Read(cursor, 2, query) is [var table, var last]
            ? new RecordPlace(table, last) : RecordPlace.Start;
        var found = await differences.ReadAsync(from.Position, to.Position, after, limit + 1, cancellation);
        using var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, ApiJson.Writing);
        json.WriteStartObject();
        Write("from", from);
        Write("to", to);
        json.WriteStartArray("items");
        foreach (var one in found.Take(limit))
        {
            json.WriteStartObject();
            json.WriteString("resource", catalogue.OfTable(one.Table).Name);
            json.WriteString("id", one.Id);
            json.WriteString("change", one.Before is null ? "added" : one.After is null ? "removed" : "changed");
            Number("versionBefore", one.Before is null ? null : one.VersionBefore);
            Number("versionAfter", one.After is null ? null : one.VersionAfter);
            Difference.Write(json, "differences", one.Before is null || one.After is null ? [] : Difference.Of(one.Before, one.After));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        var end = found.Count > limit ? found[limit - 1] : null;
        json.WriteString("next", end is null ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"/v1/releases/{from.Id}/changes?to={to.Id}&limit={limit}&cursor={Cursor.Write([end.Table, end.Id], query)}"));
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        await JsonResponse.SendAsync(http, body.Written, RecordETag.OfBytes(body.Written.Span), null, cancellation,
            isImmutable: text["to"] is not null and not GetRelease.Latest && id != GetRelease.Latest);

        void Write(string name, Release release)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, ReleaseResponse.Of(release), Platform.Json.ApiJson.Options);
        }

        void Number(string name, int? value)
        {
            if (value is { } number)
                json.WriteNumber(name, number);
            else
                json.WriteNull(name);
        }
    }
}
