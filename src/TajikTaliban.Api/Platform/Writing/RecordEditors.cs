using System.Collections.Frozen;
using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The editor of each resource.</summary>
public sealed class RecordEditors(IEnumerable<RecordEditor> editors)
{
    private readonly FrozenDictionary<Resource, RecordEditor> _ofResources = editors.ToFrozenDictionary(e => e.Resource);

    public RecordEditor Of(Resource resource) => _ofResources[resource];
}
