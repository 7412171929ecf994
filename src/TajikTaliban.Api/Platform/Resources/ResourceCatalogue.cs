using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>All resources of the service, in an order in which each comes after those it refers to.</summary>
public sealed class ResourceCatalogue(IEnumerable<Resource> resources)
{
    public IReadOnlyList<Resource> All { get; } = [.. resources];

    public Resource OfTable(string table) => All.First(r => r.Table == table);

    public async Task<IReadOnlyList<RecordLink>> LinksAsync(IReadOnlyList<Referrer> referrers, RecordReader records, CancellationToken cancellation)
    {
        var links = new List<RecordLink>();
        foreach (var group in referrers.GroupBy(r => r.Table))
        {
            var resource = OfTable(group.Key);
            var found = await records.FindAllAsync(group.Key, [.. group.Select(r => r.Id)], cancellation);
            links.AddRange(group.Where(r => found.ContainsKey(r.Id)).Select(r => new RecordLink(resource.Name, r.Id, resource.PathOf(r.Id, found[r.Id]))));
        }

        return links;
    }
}
