using System.Globalization;
using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Releases;

/// <summary>A record that differs between a release and a later state.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Id">The id of the record.</param>
/// <param name="Change">`added`, `changed` or `removed`.</param>
/// <param name="VersionBefore">The version in the release; null if the release does not contain the record.</param>
/// <param name="VersionAfter">The version in the later state; null if the state does not contain the record.</param>
/// <param name="Differences">The fields that differ, if both have the record and neither is redacted.</param>
/// <param name="Redacted">Whether the content of one of the two versions was removed because it may not be public.</param>
public sealed record ReleaseChangeResponse(
    string Resource,
    string Id,
    [property: Values("ReleaseChangeKind", "The difference of a record between a release and a later state.", "added", "changed",
        "removed")]
    string Change,
    int? VersionBefore, int? VersionAfter, IReadOnlyList<FieldDifference> Differences, bool Redacted);

/// <summary>The state that a release is compared with.</summary>
/// <param name="Id">The id of the release, if the request names one; else null.</param>
/// <param name="Title">The title of the release.</param>
/// <param name="Position">The position of the state.</param>
/// <param name="CommittedAt">The commit of that position (UTC).</param>
/// <param name="Href">The address of the release.</param>
public sealed record ComparedStateResponse(string? Id, string? Title, string Position, DateTimeOffset? CommittedAt, string? Href)
{
    internal static ComparedStateResponse Of(ReleaseResponse release) =>
        new(release.Id, release.Title, release.Position, release.CommittedAt, release.Href);
}

/// <summary>The differences between a release and a later state.</summary>
/// <param name="From">The release.</param>
/// <param name="To">The later state: a release, a position, an instant or now.</param>
/// <param name="Items">The records that differ, by resource and id.</param>
/// <param name="Next">The address of the next page, with the position of the later state; null on the last page.</param>
public sealed record ReleaseChangesResponse(
    ReleaseResponse From, ComparedStateResponse To, IReadOnlyList<ReleaseChangeResponse> Items, string? Next);

internal sealed class GetReleaseChanges(
    ReleaseReader releases, PositionReader positions, AsOfParameter moments, DifferenceReader differences, ResourceCatalogue catalogue)
{
    public async Task HandleAsync(string id, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        var text = QueryText.Read(http.Request, ["to", "limit", "cursor", Edition.Parameter], [], errors);
        var limit = text.Limit(errors) ?? ListRequest.DefaultLimit;
        errors.ThrowIfAny(ProblemType.InvalidParameter);

        var from = await GetRelease.FindAsync(id, "/path/id", releases, cancellation);
        var (to, isFixed) = await FindStateAsync(text["to"] ?? AsOfParameter.LatestRelease, cancellation);
        var end = Domain.Position.TryParse(to.Position, out var position) ? position : Domain.Position.Start;
        if (end.Number < from.Position.Number)
        {
            throw ProblemException.Query("to", new Fault(FaultCode.EndsBeforeStart,
                $"'{text["to"] ?? AsOfParameter.LatestRelease}' is the position {end}, before '{from.Id}' ({from.Position}); compare with "
                + "a later one.", ("from", from.Position.ToString()), ("to", end.ToString())));
        }

        var query = $"release-changes/{from.Id}/{end}";
        var secrets = Cursor.SecretsOf(http);
        var after = text["cursor"] is { } cursor && Cursor.Read(cursor, 2, query, secrets) is [var table, var last]
            ? new RecordPlace(table, last) : RecordPlace.Start;
        var (found, more) = await differences.ReadAsync(
            from.Position, end, after, new FeedLimits(limit, BodyMemory.PageBytes), cancellation);
        using var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, ApiJson.Writing);
        json.WriteStartObject();
        json.WritePropertyName("from");
        JsonSerializer.Serialize(json, ReleaseResponse.Of(from), ApiJson.Options);
        json.WritePropertyName("to");
        JsonSerializer.Serialize(json, to, ApiJson.Options);
        json.WriteStartArray("items");
        foreach (var one in found)
        {
            json.WriteStartObject();
            json.WriteString("resource", catalogue.OfTable(one.Table).Name);
            json.WriteString("id", one.Id);
            var (wasThere, isThere) = (one.Before is not null || one.IsRedacted.Before, one.After is not null || one.IsRedacted.After);
            json.WriteString("change", !wasThere ? "added" : !isThere ? "removed" : "changed");
            Number("versionBefore", wasThere ? one.VersionBefore : null);
            Number("versionAfter", isThere ? one.VersionAfter : null);
            Difference.Write(json, "differences", one.Before is null || one.After is null ? [] : Difference.Of(one.Before, one.After));
            json.WriteBoolean("redacted", one.IsRedacted.Before || one.IsRedacted.After);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        var lastShown = more ? found[^1] : null;
        // the position, so that all pages compare the same two states
        json.WriteString("next", lastShown is null ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"/v1/releases/{from.Id}/changes?to={to.Id ?? to.Position}&limit={limit}&{Edition.Parameter}={catalogue.Edition.Text}"
                + $"&cursor={Cursor.Write([lastShown.Table, lastShown.Id], query, secrets)}"));
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        await JsonResponse.SendAsync(http, body.Written, RecordETag.OfBytes(body.Written.Span), null, cancellation,
            isFixed: isFixed && id != AsOfParameter.LatestRelease);

        void Number(string name, int? value)
        {
            if (value is { } number)
                json.WriteNumber(name, number);
            else
                json.WriteNull(name);
        }
    }

    /// <summary>The state that a text names, and whether the comparison with it never changes.</summary>
    private async Task<(ComparedStateResponse State, bool IsFixed)> FindStateAsync(string text, CancellationToken cancellation)
    {
        if (text != AsOfParameter.Now && RecordId.IsValid(text) && !Domain.Position.TryParse(text, out _))
        {
            var release = await GetRelease.FindAsync(text, "/query/to", releases, cancellation);
            return (ComparedStateResponse.Of(ReleaseResponse.Of(release)), text != AsOfParameter.LatestRelease);
        }

        var moment = text == AsOfParameter.Now
            ? new Moment(await positions.AsOfNewestAsync(cancellation), false)
            : await moments.FindAsync(text, "/query/to", cancellation);
        return (new ComparedStateResponse(null, null, moment.AsOf.Position.ToString(), moment.AsOf.CommittedAt, null), moment.IsFixed);
    }
}
