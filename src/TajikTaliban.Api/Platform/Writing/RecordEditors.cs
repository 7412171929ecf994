using System.Collections.Frozen;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The editor of each resource.</summary>
public sealed class RecordEditors(IEnumerable<RecordEditor> editors) : IDocumentUpgrade, ISearchTexts
{
    private readonly FrozenDictionary<Resource, RecordEditor> _ofResources = editors.ToFrozenDictionary(e => e.Resource);
    private readonly FrozenDictionary<string, RecordEditor> _ofTables = editors.ToFrozenDictionary(e => e.Resource.Table);

    public RecordEditor Of(Resource resource) => _ofResources[resource];

    public IEnumerable<string> Tables => _ofTables.Keys;

    public string SearchTextOf(string table, string id, short shape, ReadOnlyMemory<byte> document) =>
        _ofTables[table].SearchTextOf(id, shape, document);

    public RecordEditor OfTable(string table) => _ofTables[table];

    public bool IsCurrent(string table, short shape, int edition) => _ofTables[table].IsCurrent(shape, edition);

    public byte[] Upgrade(string table, short shape, ReadOnlyMemory<byte> document) => _ofTables[table].Upgrade(shape, document);
}
