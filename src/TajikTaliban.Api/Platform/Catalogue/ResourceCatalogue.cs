using System.Collections.Frozen;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Catalogue;

/// <summary>All resources of the service, in an order in which each comes after those it refers to.</summary>
public sealed class ResourceCatalogue
{
    private readonly FrozenDictionary<string, Resource> _ofTables;

    public ResourceCatalogue(IEnumerable<Resource> resources, Edition edition)
    {
        Edition = edition;
        All = [.. resources];
        _ofTables = All.ToFrozenDictionary(r => r.Table);
    }

    public IReadOnlyList<Resource> All { get; }

    /// <summary>The edition that links to fixed responses name.</summary>
    public Edition Edition { get; }

    /// <summary>The shape of parameters with names of resources.</summary>
    public ParameterShape OneOrMore => ParameterShape.Several("ResourceName", "A resource.", All.Select(r => r.Name));

    public Resource OfTable(string table) => _ofTables[table];

    /// <summary>The tables of the resources that a parameter names; null where there is no such parameter.</summary>
    public IReadOnlyList<string>? ReadResources(IReadOnlyList<string>? names, Errors errors)
    {
        if (names is null)
            return null;
        var tables = new List<string>();
        foreach (var name in names)
        {
            if (All.FirstOrDefault(r => r.Name == name) is { } resource)
            {
                tables.Add(resource.Table);
            }
            else
            {
                errors.Add("/query/resource", UnknownName(name));
            }
        }

        return [.. tables.Distinct()];
    }

    public Fault UnknownName(string name) => Fault.UnknownValue(name, "a resource", All.Select(r => r.Name));

    public async Task<IReadOnlyList<RecordLink>> LinksAsync(
        IReadOnlyList<Referrer> referrers, RecordReader records, CancellationToken cancellation)
    {
        var links = new List<RecordLink>();
        foreach (var group in referrers.GroupBy(r => r.Table))
        {
            var resource = OfTable(group.Key);
            var found = await records.FindAllAsync(group.Key, [.. group.Select(r => r.Id)], null, cancellation);
            links.AddRange(group.Where(r => found.ContainsKey(r.Id))
                .Select(r => new RecordLink(resource.Name, r.Id, resource.PathOf(r.Id, found[r.Id]))));
        }

        return links;
    }
}
