using System.Globalization;
using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>A version of a record with its changes.</summary>
public sealed record VersionResponse
{
    /// <summary>The version number.</summary>
    public required int Version { get; init; }

    /// <summary>The operation that made the version.</summary>
    [Values("ChangeOperation", "The operation of a change.", "created", "updated", "deleted", "merged", "redacted")]
    public required string Operation { get; init; }

    /// <summary>The cause, if the writer stated one.</summary>
    [CodesOf("change-causes")]
    public required string? Cause { get; init; }

    /// <summary>The label of the cause.</summary>
    public required string? CauseLabel { get; init; }

    /// <summary>The reason in words.</summary>
    public required string? Note { get; init; }

    /// <summary>
    /// The key that made the change; null for the service itself. Requests with a key of the role editor or admin see its name; all others
    /// see a pseudonym (`key-…`), the same for all changes of the key.
    /// </summary>
    public required string? Key { get; init; }

    /// <summary>The instant of the commit (UTC).</summary>
    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>The position in the ledger, for `asOf`.</summary>
    public required string Position { get; init; }

    /// <summary>The id of the record that this one was merged into.</summary>
    public required string? MergedInto { get; init; }

    /// <summary>
    /// Whether the content of the version was removed because it may not be public: then `note` and `href` are null, and `differences` of
    /// it and of the next version are empty.
    /// </summary>
    public required bool Redacted { get; init; }

    /// <summary>The address of the record in this version, which never changes; null for a deletion.</summary>
    public required string? Href { get; init; }

    /// <summary>The fields that differ from the previous version.</summary>
    public required IReadOnlyList<FieldDifference> Differences { get; init; }
}

/// <summary>The versions of a record, newest first.</summary>
/// <param name="Items">The versions.</param>
/// <param name="Next">The address of the next page, with older versions; null on the last page.</param>
public sealed record HistoryResponse(IReadOnlyList<VersionResponse> Items, string? Next);

/// <summary>GET of <c>/history</c>: the versions of a record, those of a deleted one too.</summary>
public sealed class GetHistory(VersionReader reader, RecordFinder finder, KeyNames names, Edition edition)
{
    public async Task HandleAsync(string name, Resource resource, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        var parent = Parent.IdOrNull(resource, http);
        var text = QueryText.Read(http.Request, ["limit", "cursor"], [], errors);
        var limit = text.Limit(errors) ?? ListRequest.DefaultLimit;
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var id = await finder.KeyAsync(resource, name, null, cancellation);
        var query = $"history/{resource.Table}/{id}";
        var secrets = Cursor.SecretsOf(http);
        var before = int.MaxValue;
        if (text["cursor"] is { } cursor
            && !int.TryParse(Cursor.Read(cursor, 1, query, secrets)[0], NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            throw Cursor.Refused();
        }

        // one more than is shown: the oldest is compared with the one before it
        var (versions, more) = RecordId.IsValid(id)
            ? await reader.OlderAsync(resource.Table, id, before, new FeedLimits(limit + 1, BodyMemory.PageBytes), cancellation)
            : ([], false);
        // of two versions at least one is not a deletion, and its document names the parent
        // unless their content was removed
        var document = versions.FirstOrDefault(v => v.Document is not null)?.Document;
        if (versions.Count == 0 || !(Parent.Has(resource, parent, document) || (document is null && versions.Any(v => v.IsRedacted))))
        {
            throw new ProblemException(ProblemType.NotFound, "/path/id", Fault.NeverExisted(resource.Noun, id));
        }

        // an identifier may name another record when the next page is asked for
        var path = id == name ? http.Request.Path.ToUriComponent() : $"{resource.PathOf(id, [])}/history";
        string Next(int version) => $"{path}?limit={limit}"
            + $"&cursor={Cursor.Write([version.ToString(CultureInfo.InvariantCulture)], query, secrets)}";

        var keys = names.For(http);
        using var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, ApiJson.Writing);
        json.WriteStartObject();
        json.WriteStartArray("items");
        var shown = more || versions.Count > limit ? versions.Count - 1 : versions.Count;
        for (var i = 0; i < shown; i++)
            Write(json, resource, versions[i], i + 1 < versions.Count ? versions[i + 1] : null, keys, edition);

        json.WriteEndArray();
        json.WriteString("next", shown < versions.Count ? Next(versions[shown - 1].Version) : null);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        await JsonResponse.SendAsync(http, body.Written, RecordETag.OfBytes(body.Written.Span), null, cancellation,
            isPrivate: keys.ShowsNames);
    }

    /// <summary>A version with its differences from the previous one.</summary>
    internal static void Write(Utf8JsonWriter json, Resource resource, Change version, Change? earlier, KeyView keys, Edition edition)
    {
        json.WriteStartObject();
        json.WriteNumber("version", version.Version);
        json.WriteString("operation", version.Operation);
        json.WriteString("cause", version.Cause);
        json.WriteString("causeLabel", CodeLists.ChangeCauses.LabelOf(version.Cause));
        json.WriteString("note", version.Note);
        json.WriteString("key", keys.TextOf(version.Key));
        json.WriteString("committedAt", version.CommittedAt);
        json.WriteString("position", version.Position.Whole.ToString());
        json.WriteString("mergedInto", version.MergedInto);
        json.WriteBoolean("redacted", version.LacksRecord);
        json.WriteString("href", version.Document is null
            ? null : ChangeJson.HrefOf(resource, version.Id, version.Version, version.Document, edition));
        Difference.Write(json, "differences",
            version.Document is null ? [] : Difference.OfVersion(earlier?.Document, version.Version, version.Document));
        json.WriteEndObject();
    }
}
