using System.Text;
using System.Text.Json.Nodes;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Features.Sources;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Tests;

/// <summary>The upgrade of a document whose fields were renamed twice since it was written.</summary>
public sealed class UpgradeTests
{
    private const string Current =
        """{"id":"s","kind":"report","kindLabel":"Report","title":"T","authors":["A"],"publisher":null,"published":null,"url":"""
        + """null,"licence":null,"description":null,"coverage":null,"version":2,"recordedAt":"2026-11-24T10:00:00Z"}""";

    [Theory]
    [InlineData(1, """{"id":"s","kind":"report","heading":"T","writer":"A","version":2,"recordedAt":"2026-11-24T10:00:00Z"}""")]
    [InlineData(2, """{"id":"s","kind":"report","title":"T","writer":"A","version":2,"recordedAt":"2026-11-24T10:00:00Z"}""")]
    [InlineData(3,
        """{"id":"s","kind":"report","kindLabel":"Old","title":"T","authors":["A"],"version":2,"recordedAt":"2026-11-24T10:00:00Z"}""")]
    [InlineData(3, Current)]
    public void A_document_of_any_shape_becomes_one_of_the_current_shape(short shape, string document)
    {
        var mapping = new RenamedFields();

        Assert.Equal(3, mapping.Shape);
        Assert.Equal(Current, Encoding.UTF8.GetString(mapping.Upgrade(shape, Encoding.UTF8.GetBytes(document))));
    }

    private sealed class RenamedFields : RecordMapping<SourceRequest, Source, SourceResponse>
    {
        private readonly SourceMapping _mapping = new();

        public override IValidator<SourceRequest> Validator => _mapping.Validator;

        protected override IReadOnlyList<Action<JsonObject>> Upgrades =>
        [
            json => Rename(json, "heading", "title", value => value),
            json => Rename(json, "writer", "authors", value => new JsonArray(value)),
        ];

        public override IEnumerable<Reference> References(SourceRequest request) => _mapping.References(request);

        public override Source ToRecord(SourceRequest request, string id, Func<ReferenceTarget, string, string> resolve) =>
            _mapping.ToRecord(request, id, resolve);

        public override SourceResponse ToResponse(Source record) => _mapping.ToResponse(record);

        public override string NaturalId(Source record) => _mapping.NaturalId(record);

        public override IEnumerable<string?> Names(SourceResponse response) => _mapping.Names(response);

        public override RecordSummary Summarize(SourceResponse response) => _mapping.Summarize(response);

        protected override IEnumerable<string?> Texts(SourceResponse response) => [];

        private static void Rename(JsonObject json, string from, string to, Func<JsonNode?, JsonNode?> change)
        {
            json.Remove(from, out var value);
            json[to] = change(value);
        }
    }
}
