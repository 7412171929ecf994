using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Features.Sources;

internal sealed class SourceMapping : RecordMapping<SourceRequest, Source, SourceResponse>
{
    public override IValidator<SourceRequest> Validator { get; } = new SourceValidator();

    public override Source ToRecord(SourceRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var published = request.Published is null ? Bounds.Undated : Bounds.OfMoment(PartialDate.Parse(request.Published));
        return new Source
        {
            Id = id,
            Kind = request.Kind,
            Title = request.Title,
            Authors = [.. request.Authors],
            Publisher = request.Publisher,
            Published = request.Published,
            Earliest = published.Earliest,
            Latest = published.Latest,
            Url = request.Url,
            Licence = request.Licence,
            Description = request.Description,
            CoveragePeriod = request.Coverage?.Period,
            CoverageAbout = request.Coverage?.About,
            CoverageSilentOn = request.Coverage?.SilentOn,
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
        Coverage = record.CoverageAbout is null
            ? null : new SourceCoverageResponse
            {
                Period = record.CoveragePeriod,
                About = record.CoverageAbout,
                SilentOn = record.CoverageSilentOn,
            },
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    public override bool IsRedated(JsonElement stored, Source record) => stored.GetProperty("published").GetString() != record.Published;

    public override IEnumerable<Reference> References(SourceRequest request) => [];

    public override string NaturalId(Source record) => RecordId.Slug([.. record.Authors.Take(1), record.Title, record.Published]);

    public override IEnumerable<string?> Names(SourceResponse response) => [response.Title];

    public override RecordSummary Summarize(SourceResponse response) =>
        new(response.Title, response.Kind, response.KindLabel);

    protected override IEnumerable<string?> Texts(SourceResponse response) =>
    [
        .. response.Authors, response.Publisher, response.KindLabel, response.Description,
        response.Coverage?.About, response.Coverage?.SilentOn,
    ];
}
