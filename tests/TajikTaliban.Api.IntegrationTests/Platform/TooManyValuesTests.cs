using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Contract;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>No list of values, and no number of filters, is longer than the contract says.</summary>
public sealed class TooManyValuesTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    private const string OfList = "At most 50 values are allowed, repeated ones included.";
    private const string OfAll = "At most 10 values are allowed: a record has to match all of them.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> TooMany => new()
    {
        { $"/v1/events?{Repeat("actor", 51)}", "/query/actor", OfList },
        { $"/v1/events?{Repeat("type", 51, "CONSULT")}", "/query/type", OfList },
        { $"/v1/events?actor={Commas(51)}", "/query/actor", OfList },
        { $"/v1/events?{Repeat("actor.all", 11)}", "/query/actor.all", OfAll },
        { $"/v1/events?{Repeat("actor.all", 11, "taliban")}", "/query/actor.all", OfAll },
        { $"/v1/actors?sectors.all={Commas(11, "MIL")}", "/query/sectors.all", OfAll },
        {
            $"/v1/events?{string.Join('&', Enumerable.Range(0, 4).Select(i => Repeat("actor", 51)))}", "/query",
            "At most 200 parameters are allowed, repeated ones included."
        },
        { $"/v1/changes?{Repeat("resource", 51, "events")}", "/query/resource", OfList },
        { $"/v1/events/e?{Repeat("fields", 51, "id")}", "/query/fields", OfList },
    };

    [Theory]
    [MemberData(nameof(TooMany))]
    public async Task A_list_that_is_too_long_is_refused(string address, string pointer, string message)
    {
        var answer = await api.Reader.GetJsonAsync(address);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("/problems/invalid-parameter", (string)answer.Body!["type"]!);
        Assert.Contains(message, answer.Body["errors"]![pointer]!.AsArray().Select(m => (string)m!["message"]!));
    }

    [Fact]
    public async Task Filters_together_have_a_maximum()
    {
        var list = new Api.Features.Events.EventResource().List;
        var texts = list.Filters.Where(f => f.Kind == FilterKind.Actors).Select(f => $"{f.Name}=taliban").Distinct().ToList();
        var ranges = list.Filters.Where(f => f.Kind == FilterKind.Number).Select(f => $"{f.Name}=1").ToList();
        string[] all = ["actor.all=" + Commas(10), "missing.all=type,cameo,earliest,latest,place.latitude,place.precision,violenceType",
            "type=CONSULT", "cameo=036", "status=reported", "quadClass=1", "supports=/date",
            .. texts.Where(t => t[..9] != "actor.all"), .. ranges];

        var answer = await api.Reader.GetJsonAsync($"/v1/events?{string.Join('&', all)}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith($"At most {ListRequest.MaxFilters} filters are allowed, each value of `….all` counted; ",
            (string)answer.Body!["errors"]!["/query"]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_contract_says_how_many_values_a_list_takes()
    {
        var contract = JsonNode.Parse(await File.ReadAllTextAsync(Repository.CommittedContract, Cancellation))!;
        var arrays = contract["paths"]!.AsObject().SelectMany(p => p.Value!["get"]?["parameters"]?.AsArray() ?? [])
            .Where(p => p!["in"]?.GetValue<string>() == "query" && (string?)p["schema"]?["type"] == "array" && (string)p["name"]! != "bbox")
            .ToList();

        Assert.True(arrays.Count > 50);
        Assert.All(arrays, p => Assert.Equal(
            ((string)p!["name"]!).EndsWith(".all", StringComparison.Ordinal) ? ValueList.MaxAllOf : ValueList.MaxValues,
            (int)p["schema"]!["maxItems"]!));
        var text = (string)contract["info"]!["description"]!;
        Assert.Contains($"at most {ValueList.MaxValues} values, repeated ones included, of `….all` {ValueList.MaxAllOf}", text,
            StringComparison.Ordinal);
        Assert.Contains($"at most {ListRequest.MaxFilters} filters, each value of `….all` counted, "
            + $"and {QueryText.MaxParameters} parameters",
            text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private static string Repeat(string name, int times, string? value = null) =>
        string.Join('&', Enumerable.Range(0, times).Select(i => $"{name}={value ?? $"a{i}"}"));

    private static string Commas(int times, string? value = null) =>
        string.Join(',', Enumerable.Range(0, times).Select(i => value ?? $"a{i}"));
}
