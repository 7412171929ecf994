using System.Text.Json;
using System.Text.Json.Serialization;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Platform.Ledger;

/// <summary>A committed change.</summary>
public sealed record ChangeResponse
{
    /// <summary>The position in the ledger; `after=` it continues with the next change.</summary>
    public required string Position { get; init; }

    /// <summary>The transaction of the change; all changes of a transaction have the same number.</summary>
    public required long Transaction { get; init; }

    /// <summary>The name of the resource.</summary>
    public required string Resource { get; init; }

    /// <summary>The id of the record.</summary>
    public required string Id { get; init; }

    /// <summary>The version that the change made: the previous one plus 1, also for a deletion.</summary>
    public required int Version { get; init; }

    /// <summary>The operation.</summary>
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

    /// <summary>The id of the record that this one was merged into.</summary>
    public required string? MergedInto { get; init; }

    /// <summary>
    /// Whether the record of this version was removed because it may not be public: then `note`, `href` and `record` are null. It is no
    /// deletion: a copy of current records skips such a change. A change with the operation `redacted` follows for each of these versions
    /// and makes none: a copy that keeps versions removes that version.
    /// </summary>
    public required bool Redacted { get; init; }

    /// <summary>The address of the record in this version, which never changes; null after a deletion or merge.</summary>
    public required string? Href { get; init; }

    /// <summary>The resulting record (`Actor`, `EventRecord` … by the resource); null after a deletion or merge.</summary>
    public required object? Record { get; init; }

    /// <summary>
    /// The name or title of the record, after a deletion the last one; null if it has none. Only with `differences=true`.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>
    /// The fields that differ from the previous version, as in its history; all fields of a new record, none after a deletion. Only with
    /// `differences=true`.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldDifference>? Differences { get; init; }
}

/// <summary>Writes changes as JSON, their records as they are stored.</summary>
internal static class ChangeJson
{
    private static readonly JsonEncodedText Position = JsonEncodedText.Encode("position");
    private static readonly JsonEncodedText Transaction = JsonEncodedText.Encode("transaction");
    private static readonly JsonEncodedText ResourceName = JsonEncodedText.Encode("resource");
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText Operation = JsonEncodedText.Encode("operation");
    private static readonly JsonEncodedText Cause = JsonEncodedText.Encode("cause");
    private static readonly JsonEncodedText CauseLabel = JsonEncodedText.Encode("causeLabel");
    private static readonly JsonEncodedText Note = JsonEncodedText.Encode("note");
    private static readonly JsonEncodedText Key = JsonEncodedText.Encode("key");
    private static readonly JsonEncodedText CommittedAt = JsonEncodedText.Encode("committedAt");
    private static readonly JsonEncodedText MergedInto = JsonEncodedText.Encode("mergedInto");
    private static readonly JsonEncodedText Redacted = JsonEncodedText.Encode("redacted");
    private static readonly JsonEncodedText Href = JsonEncodedText.Encode("href");
    private static readonly JsonEncodedText Record = JsonEncodedText.Encode("record");

    public static void Write(Utf8JsonWriter json, Change change, ResourceCatalogue catalogue, KeyView keys, bool hasDifferences = false) =>
        Write(json, change, change.Document is { } document ? (ReadOnlyMemory<byte>?)document : null, catalogue, keys, hasDifferences);

    /// <summary>A change whose document is elsewhere.</summary>
    public static void Write(
        Utf8JsonWriter json, Change change, ReadOnlyMemory<byte>? record, ResourceCatalogue catalogue, KeyView keys,
        bool hasDifferences = false)
    {
        json.WriteStartObject();
        var resource = catalogue.OfTable(change.Table);
        WriteHead(json, change, resource, keys);
        json.WriteString(Href, record is { } version ? HrefOf(resource, change.Id, change.Version, version.Span, catalogue.Edition) : null);
        json.WritePropertyName(Record);
        if (record is { } document)
            json.WriteRawValue(document.Span, skipInputValidation: true);
        else
            json.WriteNullValue();
        if (hasDifferences)
        {
            json.WriteString("label", LabelOrNull(record ?? (change.Before is { } before ? (ReadOnlyMemory<byte>?)before : null)));
            Difference.Write(json, "differences",
                record is { } after ? Difference.OfVersion(change.Before, change.Version, after.ToArray()) : []);
        }

        json.WriteEndObject();
    }

    /// <summary>All but the address, the record and what was made of it.</summary>
    public static void WriteHead(Utf8JsonWriter json, Change change, Resource resource, KeyView keys)
    {
        Span<char> position = stackalloc char[Domain.Position.MaxLength];
        json.WriteString(Position, change.Position.Format(position));
        json.WriteNumber(Transaction, change.Position.Number);
        json.WriteString(ResourceName, resource.Name);
        json.WriteString(Id, change.Id);
        json.WriteNumber(Version, change.Version);
        json.WriteString(Operation, change.Operation);
        json.WriteString(Cause, change.Cause);
        json.WriteString(CauseLabel, CodeLists.ChangeCauses.LabelOf(change.Cause));
        json.WriteString(Note, change.Note);
        json.WriteString(Key, keys.TextOf(change.Key));
        json.WriteString(CommittedAt, change.CommittedAt);
        json.WriteString(MergedInto, change.MergedInto);
        json.WriteBoolean(Redacted, change.LacksRecord || change.Operation == Change.Redaction);
    }

    /// <summary>The address of a record in a version, whose response never changes.</summary>
    public static string HrefOf(Resource resource, string id, int version, ReadOnlySpan<byte> document, Edition edition) =>
        HrefOf(resource.PathOf(id, document), version, edition);

    /// <summary>The address of a version of the record at a path.</summary>
    public static string HrefOf(string path, int version, Edition edition) =>
        $"{path}?version={version}&{Edition.Parameter}={edition.Text}";

    private static string? LabelOrNull(ReadOnlyMemory<byte>? document)
    {
        if (document is not { } known)
            return null;
        using var json = JsonDocument.Parse(known);
        return json.RootElement.TryGetProperty("name", out var name) || json.RootElement.TryGetProperty("title", out name)
            ? name.GetString() : null;
    }
}
