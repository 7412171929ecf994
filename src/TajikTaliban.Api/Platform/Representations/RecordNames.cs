using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>
/// The names of the records that others refer to (an actor's <c>name</c>, a source's <c>title</c>), as of one position. The <c>Expands</c>
/// of the list declare the references. Names are cached, up to <see cref="MaxNames"/>.
/// </summary>
/// <param name="resource">The resource of the records that refer to others.</param>
/// <param name="records">Reads the others; null where <see cref="Add"/> gives their names.</param>
/// <param name="asOf">The position of the names; null is the newest.</param>
/// <param name="language">The language of the names; null is English.</param>
public sealed class RecordNames(Resource resource, RecordReader? records, AsOf? asOf, string? language)
{
    private const int MaxNames = 100_000;
    private readonly Field _root = Field.Of(resource);
    private readonly Dictionary<string, Dictionary<byte[], byte[]>> _names = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The name as UTF-8 text; null where the record is not there or was not looked up.</summary>
    public byte[]? OfOrNull(string table, ReadOnlySpan<byte> id) =>
        _names.TryGetValue(table, out var names) && names.GetAlternateLookup<ReadOnlySpan<byte>>()
            .TryGetValue(id, out var name) ? name : null;

    /// <summary>Looks up the names of everything that these documents refer to, in one query for each resource.</summary>
    public async Task FindAsync(IReadOnlyList<ReadOnlyMemory<byte>> documents, CancellationToken cancellation)
    {
        if (records is null)
        {
            return;
        }

        var missing = Missing(documents);
        if (_count + missing.Sum(m => m.Value.Count) > MaxNames)
        {
            _names.Clear();
            _count = 0;
            missing = Missing(documents);
        }

        foreach (var (table, ids) in missing)
        {
            foreach (var (id, document) in await records.FindReferredAsync(
                table, [.. ids.Select(Encoding.UTF8.GetString)], asOf, cancellation))
            {
                Add(table, id, document);
            }
        }
    }

    /// <summary>Adds the name of a record: its <c>name</c>, or its <c>title</c>.</summary>
    public void Add(string table, string id, byte[] document)
    {
        var names = _names.TryGetValue(table, out var known) ? known : _names[table] = new(Utf8Text.Comparer);
        names[Encoding.UTF8.GetBytes(id)] = NameIn(document, language);
        _count++;
    }

    /// <summary>The name in a document, as UTF-8 text: that in the language, or its <c>name</c>, or its <c>title</c>.</summary>
    public static byte[] NameIn(byte[] document, string? language)
    {
        using var json = JsonDocument.Parse(document);
        var own = language is not null && json.RootElement.TryGetProperty("names", out var names)
            ? LabelLanguage.NameOrNull(names, language) : null;
        return Encoding.UTF8.GetBytes(
            own ?? (json.RootElement.TryGetProperty("name", out var name) ? name : json.RootElement.GetProperty("title")).GetString()!);
    }

    private Dictionary<string, HashSet<byte[]>> Missing(IReadOnlyList<ReadOnlyMemory<byte>> documents)
    {
        var missing = new Dictionary<string, HashSet<byte[]>>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            var json = new Utf8JsonReader(document.Span);
            json.Read();
            Collect(ref json, _root, missing);
        }

        return missing;
    }

    private void Collect(ref Utf8JsonReader json, Field field, Dictionary<string, HashSet<byte[]>> missing)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartArray:
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                    Collect(ref json, field, missing);
                break;
            case JsonTokenType.StartObject:
                while (json.Read() && json.TokenType != JsonTokenType.EndObject)
                {
                    var below = field.BelowOrNull(ref json);
                    json.Read();
                    if (below is null)
                        json.Skip();
                    else
                        Collect(ref json, below, missing);
                }

                break;
            case JsonTokenType.String when field.Table is { } table && OfOrNull(table, json.ValueSpan) is null:
                // ids have no escapes
                var ids = missing.TryGetValue(table, out var some) ? some : missing[table] = new(Utf8Text.Comparer);
                ids.Add(json.ValueSpan.ToArray());
                break;
        }
    }

    /// <summary>A field that is a reference, or has one below it.</summary>
    private sealed class Field(string name)
    {
        private readonly byte[] _name = Encoding.UTF8.GetBytes(name);
        private readonly List<Field> _below = [];

        public string? Table { get; private set; }

        public static Field Of(Resource resource)
        {
            var root = new Field("");
            foreach (var reference in resource.List.Expands)
            {
                var field = root;
                foreach (var name in reference.Path.Split('.'))
                {
                    var next = field._below.Find(f => f._name.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(name)));
                    if (next is null)
                        field._below.Add(next = new Field(name));
                    field = next;
                }

                field.Table = reference.Table;
            }

            return root;
        }

        public Field? BelowOrNull(ref Utf8JsonReader json)
        {
            foreach (var field in _below)
            {
                if (json.ValueTextEquals(field._name))
                    return field;
            }

            return null;
        }
    }

    /// <summary>Texts by their bytes.</summary>
    private sealed class Utf8Text : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8Text Comparer = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash3.HashToUInt64(alternate);
    }
}
