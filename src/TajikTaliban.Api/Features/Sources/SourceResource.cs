using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Model;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Sources;

internal sealed class SourceResource : Resource<SourceRequest, SourceResponse>
{
    public override string Name => "sources";

    public override string Singular => "Source";

    public override string Plural => "Sources";

    public override string Description => "Documents and datasets that the records cite. Every other record cites at least one source.";

    public override ReferenceTarget? Target => ReferenceTarget.Source;

    public override string TagDescription => "Documents and datasets that the records cite.";

    public override ResourceExample Example => SourceExample.Record;

    public override ListDefinition List { get; } = new()
    {
        Table = Tables.Sources,
        Filters =
        [
            Filters.Ids(ReferenceTarget.Source),
            Filters.Codes("kind", "kind", Lists.SourceKinds, "Sources of this kind."),
            Filters.TextWithin("author", "authors", Limits.Name, "Sources with this author, spelled as in `authors`."),
            Filters.ExactText("publisher", "publisher", Limits.Name, "Sources of this publisher."),
            .. Filters.Time("Sources published", TimeModel.OfDates("published")),
            .. Filters.Missing(
            [
                ("authors", new IsEmpty("authors")), ("publisher", new IsNull("publisher")), ("published", new IsNull("published")),
                .. Filters.OpenBounds,
            ]),
        ],
        SortKeys = [new("title", "title", FieldType.Text), ListDefinition.Earliest, ListDefinition.Latest],
        DefaultSort = "id",
        Facets = [new ColumnFacet("kind", "kind")],
        Time = TimeModel.OfDates("published"),
    };
}
