using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sylvan.Data.Csv;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.IntegrationTests.Representations;

/// <summary>CSV says what JSON says; it is read by a parser of another make.</summary>
public sealed class CsvTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Resources => SampleRecords.Resources;

    [Theory, MemberData(nameof(Resources))]
    public async Task Every_cell_of_a_list_is_the_value_of_the_record(string resource)
    {
        var sample = SampleRecords.Of(resource);
        await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sample.Body, ifNoneMatch: "*");
        var records = (await api.Reader.WalkAsync(sample.Path)).Select(r => r.AsObject()).ToList();
        var columns = Columns.Of(api.Services.GetRequiredService<ResourceCatalogue>().All.Single(r => r.Name == resource).ResponseType);

        var (header, rows) = await GetAsync($"{sample.Path}.csv?labels=id");

        Assert.Equal(records.Select(r => (string?)r["id"]), rows.Select(r => r["id"]));
        Assert.Equal("permalink", header[^1]);
        foreach (var (record, row) in records.Zip(rows))
        {
            foreach (var column in columns.Where(c => header.Contains(c.Path)))
                Assert.Equal((column.Path, Expected(record, column.Path.Split('.'))), (column.Path, row[column.Path]));
            var version = await api.Reader.GetJsonAsync(row["permalink"]);
            Assert.Equal(record.ToJsonString(), version.Body!.ToJsonString());
        }

        using var one = await api.Reader.GetAsync($"{sample.Address}.csv?labels=id", Cancellation);
        var (oneHeader, oneRow) = Parse(await one.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(header, oneHeader);
        Assert.Equal(rows.Single(r => r["id"] == sample.Id), Assert.Single(oneRow));
        var line = await api.Reader.GetStringAsync($"{sample.Address}.ndjson", Cancellation);
        Assert.Equal(records.Single(r => (string?)r["id"] == sample.Id).ToJsonString(), JsonNode.Parse(line)!.ToJsonString());
        Assert.EndsWith("}\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_stand_beside_codes_and_names_beside_ids_or_in_their_place()
    {
        var sample = SampleRecords.Of("relations");
        await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sample.Body, ifNoneMatch: "*");

        var ids = Assert.Single((await GetAsync($"{sample.Address}.csv?labels=id")).Rows);
        var names = Assert.Single((await GetAsync($"{sample.Address}.csv?labels=name")).Rows);
        var both = Assert.Single((await GetAsync($"{sample.Address}.csv")).Rows);

        Assert.Equal(("perception", "alpha", "source", "source, page 1 (claimed)"),
            (ids["type"], ids["subject"], ids["citations.source"], ids["citation"]));
        Assert.False(ids.ContainsKey("typeLabel") || ids.ContainsKey("subject.name") || names.ContainsKey("typeLabel"));
        Assert.Equal(("Perception", "Name of alpha", "A report"), (names["type"], names["subject"], names["citations.source"]));
        Assert.Equal(("perception", "Perception", "alpha", "Name of alpha"),
            (both["type"], both["typeLabel"], both["subject"], both["subject.name"]));
        Assert.StartsWith("A report, page 1 (", both["citation"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_are_joined_and_keep_their_order_and_their_separators_are_escaped()
    {
        var actor = JsonNode.Parse("""
            { "id": "nested", "type": "armed-group", "name": "Nested, \"quoted\"\nand broken", "sectors": ["REB", "GOV"],
              "names": [{ "text": "a; b", "lang": null, "kind": "alias" }, { "text": "c\\d | e", "lang": "fa", "kind": "alias" }],
              "statuses": [
                { "status": "banned-organisation", "from": "2006", "by": "alpha", "citations": [
                  { "source": "source", "certainty": "stated" }, { "source": "source", "locator": "p; 1|2", "certainty": "reported" }] },
                { "status": "de-facto-government", "from": "2021" }],
              "citations": [
                { "source": "source", "locator": "page 1", "certainty": "stated" }, { "source": "source", "certainty": "reported" }] }
            """)!.AsObject();
        await api.Editor.AddAsync("/v1/actors", actor);

        var row = Assert.Single((await GetAsync("/v1/actors/nested.csv")).Rows);

        Assert.Equal("Nested, \"quoted\"\nand broken", row["name"]);
        Assert.Equal("REB; GOV", row["sectors"]);
        Assert.Equal(@"a\; b; c\\d \| e", row["names.text"]);
        Assert.Equal("; fa", row["names.lang"]);
        Assert.Equal("stated | reported; ", row["statuses.citations.certainty"]);
        Assert.Equal(@" | p\; 1\|2; ", row["statuses.citations.locator"]);
        Assert.Equal("Name of alpha; ", row["statuses.by.name"]);
        Assert.StartsWith("A report, page 1 (", row["citation"], StringComparison.Ordinal);
        Assert.Equal(1, row["citation"].Count(c => c == ';'));
    }

    [Fact]
    public async Task Fields_choose_columns_in_their_order()
    {
        Assert.Equal(["id", "name"], (await GetAsync("/v1/actors.csv?fields=name,id")).Header);
        Assert.Equal(["id", "citations.source", "citations.source.name"],
            (await GetAsync("/v1/actors.csv?fields=citations,id")).Header[..3]);
        Assert.Equal("""{"id":"alpha","name":"Name of alpha"}""",
            (await api.Reader.GetStringAsync("/v1/actors.ndjson?fields=id,name&limit=1", Cancellation)).TrimEnd('\n'));
    }

    [Fact]
    public async Task The_excel_dialect_shields_text_that_begins_like_a_formula_and_nothing_else()
    {
        var dangerous = new[] { "=1+1", "+992 37", "-10", "@here" };
        foreach (var (text, i) in dangerous.Select((t, i) => (t, i)))
        {
            var body = SampleRecords.Event($"formula-{i}", "2024", "alpha");
            (body["title"], body["cameo"], body["type"]) = (text, "190", "ASSAULT");
            await api.Editor.AddAsync("/v1/events", body);
        }

        var plain = await api.Reader.GetByteArrayAsync("/v1/events.csv?fields=title,goldstein&type=ASSAULT&sort=id", Cancellation);
        var excel = await api.Reader.GetByteArrayAsync("/v1/events.csv?fields=title,goldstein&type=ASSAULT&sort=id&dialect=excel",
            Cancellation);

        Assert.Contains("-10.0,-10\r\n", Encoding.UTF8.GetString(plain), StringComparison.Ordinal);
        Assert.NotEqual(0xEF, plain[0]);
        Assert.Equal([0xEF, 0xBB, 0xBF], excel[..3]);
        var text2 = Encoding.UTF8.GetString(excel);
        foreach (var text in dangerous)
            Assert.Contains($"-10.0,\u200b{text}\r\n", text2, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetString(plain), text2[1..].Replace("\u200b", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Columns_are_only_ever_added()
    {
        var resources = api.Services.GetRequiredService<ResourceCatalogue>();
        var committed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Representations", "columns.txt")).Where(l => l.Length > 0)
            .ToList();
        var now = resources.All.SelectMany(r => CsvFormat.HeaderOf(r).Select(c => $"{r.Name} {c}")).ToList();
        var rest = now.AsEnumerable();
        foreach (var column in committed)
        {
            var at = rest.SkipWhile(c => c != column);
            Assert.True(at.Any(), $"The column '{column}' was removed or moved: spreadsheets and scripts of users rely on it.");
            rest = at.Skip(1);
        }

        Assert.True(committed.Count == now.Count, $"Add the new columns to columns.txt:\n{string.Join('\n', now.Except(committed))}");
    }

    [Fact]
    public void Columns_are_described_and_have_their_units()
    {
        foreach (var resource in api.Services.GetRequiredService<ResourceCatalogue>().All)
            Assert.All(Columns.Of(resource.ResponseType), c => Assert.NotEqual((c.Path, ""), (c.Path, c.Description)));
        var events = Columns.Of(api.Services.GetRequiredService<ResourceCatalogue>().All.Single(r => r.Name == "events").ResponseType);
        Assert.Equal(("degrees", ColumnType.Number), events.Where(c => c.Path == "place.latitude").Select(c => (c.Unit, c.Type)).Single());
    }

    private static string Expected(JsonNode? node, string[] path, int lists = 0) => node switch
    {
        null => "",
        JsonArray members => string.Join(lists == 0 ? "; " : " | ", members.Select(m => Expected(m, path, lists + 1))),
        _ when path.Length > 0 => Expected(node[path[0]], path[1..], lists),
        _ => lists == 0 ? node.ToString() : node.ToString().Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace(";", @"\;", StringComparison.Ordinal)
            .Replace("|", @"\|", StringComparison.Ordinal),
    };

    private async Task<(List<string> Header, List<Dictionary<string, string>> Rows)> GetAsync(string path)
    {
        using var response = await api.Reader.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Parse(await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static (List<string> Header, List<Dictionary<string, string>> Rows) Parse(string text)
    {
        using var reader = CsvDataReader.Create(new StringReader(text), new CsvDataReaderOptions { Delimiter = ',', BufferSize = 1 << 20 });
        var header = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read())
            rows.Add(header.Select((h, i) => (h, reader.GetString(i))).ToDictionary(c => c.h, c => c.Item2));
        return (header, rows);
    }
}
