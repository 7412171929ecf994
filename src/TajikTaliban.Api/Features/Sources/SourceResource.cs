using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Sources;

internal sealed class SourceResource : Resource<SourceRequest, Source, SourceResponse>
{
    public override string Name => "sources";

    public override string Singular => "Source";

    public override string Plural => "Sources";

    public override string Description => "Documents and datasets that the records cite. Each record but a source names at least one.";

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

    protected override IValidator<SourceRequest> Validator { get; } = new SourceValidator();

    public override Source ToRecord(SourceRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var published = request.Published is null ? null : PartialDate.Parse(request.Published);
        return new Source
        {
            Id = id,
            Kind = request.Kind,
            Title = request.Title,
            Authors = [.. request.Authors],
            Publisher = request.Publisher,
            Published = request.Published,
            Earliest = published?.Earliest ?? DateOnly.MinValue,
            Latest = published?.Latest ?? DateOnly.MaxValue,
            Url = request.Url,
            Licence = request.Licence,
            Description = request.Description,
        };
    }

    public override SourceResponse ToResponse(Source record) => new()
    {
        Id = record.Id,
        Kind = record.Kind,
        Title = record.Title,
        Authors = record.Authors,
        Publisher = record.Publisher,
        Published = record.Published,
        Url = record.Url,
        Licence = record.Licence,
        Description = record.Description,
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    protected override IEnumerable<Reference> References(SourceRequest request) => [];

    protected override string NaturalId(Source record) => RecordId.Slug([.. record.Authors.Take(1), record.Title, record.Published]);

    protected override IEnumerable<string?> SearchTexts(Source record) => [record.Title, .. record.Authors, record.Publisher, record.Description];
}
