using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Sources;

internal sealed class SourceResource : Resource<SourceRequest, SourceResponse>
{
    public override string Name => "sources";

    public override string Singular => "Source";

    public override string Plural => "Sources";

    public override string Description => "Documents and datasets that the records cite. Each record but a source names at least one.";

    public override ReferenceTarget? Target => ReferenceTarget.Source;

    public override string TagDescription => "Documents and datasets that the records cite.";

    public override ResourceExample Example => SourceExample.Record;

    public override ListDefinition List { get; } = new()
    {
        Table = "sources",
        Filters =
        [
            Filters.Codes("kind", "kind", Lists.SourceKinds, "Sources of this kind."),
            Filters.ExactText("author", "authors", "Sources with this author, spelled as in `authors`.", within: true),
            Filters.ExactText("publisher", "publisher", "Sources of this publisher."),
            .. Filters.Span("Sources published"),
        ],
        SortKeys = [new("title", "r.title", FieldType.Text), ListDefinition.Earliest, ListDefinition.Latest],
        DefaultSort = "id",
        Facets = [new("kind", "r.kind")],
        HasDates = true,
    };
}
