using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>One figure, one record; the unit belongs to the figure; numbers are compared by value.</summary>
public sealed class FigureTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const string Patch = "application/merge-patch+json";
    private const string Figures = "/v1/indicators/length/observations";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Pairs of changes of a trade figure of <c>X</c>: what the first record has, and what the second.</summary>
    public static TheoryData<string, string, bool> TradePairs => new()
    {
        { "{}", """{ "value": 2 }""", true },
        { """{ "valuation": null }""", """{ "valuation": "FOB" }""", true },
        { """{ "valuation": "FOB" }""", "{}", true },
        { """{ "valuation": null }""", """{ "valuation": "CIF" }""", false },
        { """{ "flow": "M" }""", """{ "flow": "M", "valuation": "CIF" }""", true },
        { """{ "flow": "M" }""", """{ "flow": "M", "valuation": "FOB" }""", false },
        { """{ "flow": "T" }""", """{ "flow": "T", "valuation": "FOB" }""", false },
        { """{ "commodity": { "classification": "HS", "code": "TOTAL" } }""",
            """{ "commodity": { "classification": "H5", "code": "TOTAL" } }""", true },
        { "{}", """{ "commodity": { "classification": "S4", "code": "TOTAL" } }""", true },
        { """{ "commodity": { "classification": "H4", "code": "27" } }""", """{ "commodity": { "classification": "H5", "code": "27" } }""",
            false },
        { """{ "type": "S" }""", """{ "type": "S", "commodity": { "classification": "EB02", "code": "200" } }""", true },
        { """{ "type": "S" }""", """{ "type": "S", "commodity": { "classification": "EB10", "code": "S" } }""", true },
        { """{ "type": "S" }""", """{ "type": "S", "commodity": { "classification": "EB", "code": "205" } }""", false },
        { "{}", """{ "type": "S" }""", false },
        { "{}", """{ "obsStatus": "M", "value": null }""", true },
        { "{}", """{ "approximate": true }""", true },
        { "{}", """{ "currency": "TJS" }""", false },
        { "{}", """{ "reporter": "beta", "partner": "alpha" }""", false },
        { ClaimOf("alpha"), ClaimOf("alpha"), true },
        { ClaimOf("alpha"), ClaimOf("beta"), false },
        { ClaimOf("alpha"), "{}", false },
        { "{}", """{ "citations": [{ "source": "other", "certainty": "stated" }] }""", false },
        { "{}", """{ "citations": [{ "source": "source", "locator": "page 9", "certainty": "reported" }] }""", true },
    };

    /// <summary>Pairs of changes of an observation.</summary>
    public static TheoryData<string, string, bool> ObservationPairs => new()
    {
        { "{}", "{}", true },
        { "{}", """{ "value": 2 }""", true },
        { """{ "subjects": ["alpha", "beta"] }""", """{ "subjects": ["beta", "alpha"] }""", true },
        { """{ "subjects": ["alpha", "beta"] }""", """{ "subjects": ["beta", "iso3:AAA"] }""", true },
        { """{ "subjects": ["alpha", "beta"] }""", """{ "subjects": ["alpha"] }""", false },
        { """{ "date": "YEAR" }""", """{ "date": "YEAR~" }""", true },
        { """{ "date": "YEAR" }""", """{ "date": "YEAR-01-01/YEAR-12-31" }""", true },
        { """{ "date": "YEAR" }""", """{ "date": "YEAR-06" }""", false },
        { """{ "date": "YEAR/.." }""", """{ "date": "YEAR" }""", false },
        { ClaimOf("alpha"), ClaimOf("alpha"), true },
        { ClaimOf("alpha"), ClaimOf("beta"), false },
        { ClaimOf("alpha"), "{}", false },
        { "{}", """{ "citations": [{ "source": "other", "certainty": "stated" }] }""", false },
    };

    [Theory, MemberData(nameof(TradePairs))]
    public async Task A_second_record_of_a_trade_figure_is_a_conflict(string first, string second, bool isSame)
    {
        await AddOthersAsync();
        await CompareAsync("/v1/trade", NextYear(), first, second, isSame, year =>
        {
            var trade = SampleRecords.Trade("alpha", "beta", $"{year}", 1);
            trade["flow"] = "X";
            return trade;
        });
    }

    [Theory, MemberData(nameof(ObservationPairs))]
    public async Task A_second_record_of_an_observation_is_a_conflict(string first, string second, bool isSame)
    {
        await AddOthersAsync();
        await CompareAsync(Figures, NextYear(), first, second, isSame, year =>
        {
            var observation = SampleRecords.Observation("unused", "alpha", 10_000_000, $"{year}");
            observation.Remove("id");
            return observation;
        });
    }

    [Fact]
    public async Task Batches_refuse_a_second_record_of_a_figure_within_them_and_beside_them()
    {
        var year = NextYear();
        string Line(string id) => new JsonObject
        {
            ["op"] = "upsert",
            ["resource"] = "observations",
            ["id"] = id,
            ["record"] = SampleRecord.With(SampleRecords.Observation(id, "alpha", 1, $"{year}"),
                new JsonObject { ["indicator"] = "length" }),
        }.ToJsonString();

        var within = await BatchAsync(Line("batch-one"), Line("batch-two"));
        Assert.Equal((HttpStatusCode.Conflict, "/lines/2/record"), (within.Status, Assert.Single(within.Pointers)));
        Assert.Contains("'batch-one' (/v1/indicators/length/observations/batch-one)",
            (string)within.Body!["errors"]!["/lines/2/record"]![0]!["message"]!,
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await BatchAsync(Line("batch-one"))).Status);
        var beside = await BatchAsync(Line("batch-three"));
        Assert.Equal((HttpStatusCode.Conflict, "/lines/1/record"), (beside.Status, Assert.Single(beside.Pointers)));
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync($"{Figures}/batch-three")).Status);
    }

    [Fact]
    public async Task A_merge_that_would_double_a_figure_is_refused_with_the_figure()
    {
        foreach (var id in (string[])["double-x", "double-y"])
        {
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(id));
            await api.Editor.AddAsync(Figures, SampleRecords.Observation($"of-{id}", id, 1));
        }

        var refused = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors/double-x/merge",
            new JsonObject { ["into"] = "double-y" });

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("of-double-y", refused.Body!["errors"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("double-x", (string)(await api.Reader.GetJsonAsync($"{Figures}/of-double-x")).Body!["subjects"]![0]!);
    }

    [Fact]
    public async Task A_merge_makes_no_trade_of_an_actor_with_itself()
    {
        foreach (var id in (string[])["self-x", "self-y"])
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(id));
        await api.Editor.AddAsync("/v1/trade", SampleRecords.Trade("self-x", "self-y", "2024", 1));

        var refused = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors/self-x/merge", new JsonObject { ["into"] = "self-y" });

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/trade/self-x-self-y-m-2024")).Status);
    }

    [Fact]
    public async Task Of_concurrent_writers_of_one_figure_one_succeeds()
    {
        var year = NextYear();
        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            api.Editor.SendJsonAsync(HttpMethod.Post, Figures, SampleRecords.Observation($"at-once-{i}", "beta", i, $"{year}"))));

        Assert.Single(responses, r => r.Status == HttpStatusCode.Created);
        Assert.All(responses.Where(r => r.Status != HttpStatusCode.Created), r => Assert.Equal(HttpStatusCode.Conflict, r.Status));
    }

    [Fact]
    public async Task The_unit_of_an_indicator_does_not_change_under_its_figures()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("people"));
        var free = await api.Editor.SendJsonAsync(
            HttpMethod.Patch, "/v1/indicators/people", new JsonObject { ["unit"] = "persons" }, "\"1\"", mediaType: Patch);
        Assert.Equal(HttpStatusCode.OK, free.Status);
        await api.Editor.AddAsync("/v1/indicators/people/observations", SampleRecords.Observation("people-alpha", "alpha", 10_000_000));

        var unit = new JsonObject { ["unit"] = "thousand persons" };
        foreach (var response in (JsonResponse[])
            [
                await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/indicators/people", unit, "\"2\"", mediaType: Patch),
                await api.Editor.SendJsonAsync(
                    HttpMethod.Put, "/v1/indicators/people", SampleRecord.With(SampleRecords.Indicator("people"), unit), "\"2\""),
            ])
        {
            Assert.Equal((HttpStatusCode.Conflict, "/unit"), (response.Status, Assert.Single(response.Pointers)));
            Assert.Contains("Figures are recorded in 'persons', such as 'people-alpha'", (string)response.Body!["detail"]!,
                StringComparison.Ordinal);
        }

        var line = new JsonObject { ["op"] = "patch", ["resource"] = "indicators", ["id"] = "people", ["record"] = unit.DeepClone() };
        Assert.Equal(HttpStatusCode.Conflict, (await BatchAsync(line.ToJsonString())).Status);
        Assert.Equal("persons", (string)(await api.Reader.GetJsonAsync("/v1/indicators/people")).Body!["unit"]!);
        // anything else may change, and the unit too when no figure is left
        Assert.Equal(HttpStatusCode.OK, (await api.Editor.SendJsonAsync(
            HttpMethod.Patch, "/v1/indicators/people", new JsonObject { ["name"] = "People" }, "\"2\"", mediaType: Patch)).Status);
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/indicators/people/observations/people-alpha", ifMatch: "\"1\"");
        Assert.Equal(HttpStatusCode.OK, (await api.Editor.SendJsonAsync(
            HttpMethod.Patch, "/v1/indicators/people", unit, "\"3\"", mediaType: Patch)).Status);
    }

    [Fact]
    public async Task A_unit_changes_only_after_the_observations_that_are_being_added()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("waits"));
        await using var database = NpgsqlDataSource.Create(api.ConnectionString);
        await using var connection = await database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var holds = new NpgsqlCommand("select from indicators where id = 'waits' for key share", connection))
            await holds.ExecuteNonQueryAsync(Cancellation);

        var change = api.Editor.SendJsonAsync(
            HttpMethod.Patch, "/v1/indicators/waits", new JsonObject { ["unit"] = "m" }, "\"1\"", mediaType: Patch);
        await Task.Delay(300, Cancellation);
        Assert.False(change.IsCompleted);
        await transaction.RollbackAsync(Cancellation);
        Assert.Equal(HttpStatusCode.OK, (await change).Status);
    }

    [Theory]
    [InlineData("46000000.00", "46000000")]
    [InlineData("46000000", "46000000.00")]
    [InlineData("46000000", "4.6e7")]
    [InlineData("0.10", "0.1")]
    [InlineData("0", "-0.0")]
    [InlineData("123456789012345678.1234567890", "123456789012345678.123456789")]
    public async Task A_number_of_the_same_value_is_no_change_and_keeps_its_digits(string recorded, string sent)
    {
        var year = NextYear();
        var made = await SendTextAsync(HttpMethod.Post, "/v1/trade", TradeText($"{year}", recorded));
        var path = $"/v1/trade/alpha-beta-m-{year}";
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var before = await api.Reader.GetStringAsync(path, Cancellation);
        var position = await PositionAsync();

        foreach (var response in (HttpResponseMessage[])
            [
                await SendTextAsync(HttpMethod.Put, path, TradeText($"{year}", sent)),
                await SendTextAsync(HttpMethod.Put, path,
                    before.Replace($"\"value\":{recorded}", $"\"value\":{sent}", StringComparison.Ordinal)),
                await SendTextAsync(HttpMethod.Patch, path, $$"""{ "value": {{sent}} }"""),
            ])
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(before, await response.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.Equal(position, await PositionAsync());
        Assert.Contains($"\"value\":{recorded},", before, StringComparison.Ordinal);
        // with another change the digits stay too, and history names that change alone
        var changed = await SendTextAsync(HttpMethod.Patch, path, $$"""{ "value": {{sent}}, "approximate": true }""");
        Assert.Contains($"\"value\":{recorded},", await changed.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        var history = (await api.Reader.GetJsonAsync($"{path}/history")).Body!["items"]!.AsArray();
        Assert.Equal(["/approximate"], history[0]!["differences"]!.AsArray().Select(d => (string)d!["pointer"]!));
        // another value is another text
        var corrected = await SendTextAsync(HttpMethod.Patch, path, """{ "value": 46000001.500 }""");
        Assert.Contains("\"value\":46000001.500,", await corrected.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    /// <summary>What programs do to a document on its way: JavaScript's numbers, .NET's instants, macOS's letters, maps without an
    /// order.</summary>
    [Theory, MemberData(nameof(SampleRecords.Resources), MemberType = typeof(SampleRecords))]
    public async Task A_record_sent_back_as_it_was_read_makes_no_version(string resource)
    {
        await AddOthersAsync();
        var sample = SampleRecords.Of(resource).As($"sent-back-{resource}");
        foreach (var field in (string[])["title", "description", "summary", "note", "name"])
        {
            if (sample.Body.ContainsKey(field))
                sample.Body[field] = "Тоҷикистони\u0306 and café".Normalize(NormalizationForm.FormC);
        }

        await api.Editor.AddAsync(sample.Path, sample.Body);
        var read = JsonNode.Parse(await api.Reader.GetStringAsync(sample.Address, Cancellation))!.AsObject();
        var sent = Reversed(read);
        Assert.NotEqual(read.ToJsonString(), sent.ToJsonString());

        var response = await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sent, "\"1\"");

        Assert.True(response.Status == HttpStatusCode.OK, response.Body?.ToJsonString());
        Assert.Equal(read.ToJsonString(), response.Body!.ToJsonString());
    }

    [Fact]
    public async Task Subjects_in_another_order_are_no_change()
    {
        var year = NextYear();
        var body = SampleRecord.With(SampleRecords.Observation("ordered", "alpha", 1, $"{year}"),
            new JsonObject { ["subjects"] = new JsonArray("beta", "alpha") });
        await api.Editor.AddAsync(Figures, body);
        body["subjects"] = new JsonArray("alpha", "beta");

        var same = await api.Editor.SendJsonAsync(HttpMethod.Put, $"{Figures}/ordered", body, "\"1\"");

        Assert.Equal((HttpStatusCode.OK, 1), (same.Status, (int)same.Body!["version"]!));
        Assert.Equal("""["beta","alpha"]""", same.Body!["subjects"]!.ToJsonString());
    }

    [Theory]
    [InlineData("RM", "{}")]
    [InlineData("M", "{}")]
    [InlineData("RX", "{}")]
    [InlineData("MIP", "{}")]
    [InlineData("XIP", "{}")]
    [InlineData("MOP", "{}")]
    [InlineData("XOP", "{}")]
    [InlineData("MIF", "{}")]
    [InlineData("XIF", "{}")]
    [InlineData("X", """{ "type": "S", "commodity": { "classification": "EB02", "code": "205" } }""")]
    [InlineData("M", """{ "type": "S", "commodity": { "classification": "EB10", "code": "SC" } }""")]
    [InlineData("T", """{ "type": "S" }""")]
    [InlineData("X", """{ "commodity": { "classification": "HS", "code": "9999AA" } }""")]
    public async Task What_Comtrade_has_is_accepted_a_country_with_itself_too(string flow, string change)
    {
        var trade = SampleRecord.With(SampleRecords.Trade("alpha", "alpha", $"{NextYear()}", 1), JsonNode.Parse(change)!.AsObject());
        trade["flow"] = flow;

        var made = await api.Editor.AddAsync("/v1/trade", trade);

        Assert.Equal(("alpha", "alpha", flow), ((string)made["reporter"]!, (string)made["partner"]!, (string)made["flow"]!));
        var found = await api.Reader.GetJsonAsync($"/v1/trade?flow={flow}&period={made["period"]}");
        Assert.Equal([(string)made["id"]!], found.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!));
        if ((string)made["type"]! == "S")
            Assert.StartsWith("EB", (string)made["commodity"]!["classification"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "type": "S", "commodity": { "classification": "HS", "code": "27" } }""", "/commodity/classification",
        "services (type S) are in EB")]
    [InlineData("""{ "type": "S", "commodity": { "classification": "S4", "code": "TOTAL" } }""", "/commodity/classification",
        "services (type S) are in EB")]
    [InlineData("""{ "commodity": { "classification": "EB10", "code": "SC" } }""", "/commodity/classification", "of services")]
    [InlineData("""{ "commodity": { "classification": "HS", "code": "27.10" } }""", "/commodity/code", "2, 4 or 6 digits")]
    [InlineData("""{ "commodity": { "classification": "HS", "code": "77" } }""", "/commodity/code", "reserved")]
    [InlineData("""{ "type": "S", "commodity": { "classification": "EB02", "code": "27" } }""", "/commodity/code", "3 digits")]
    [InlineData("""{ "period": "1403" }""", "/period", "2024-03-20 to 2025-03-20 AD")]
    [InlineData("""{ "period": "1403-M01" }""", "/period", "2024-03-20 to 2024-04-19 AD")]
    [InlineData("""{ "period": "2567" }""", "/period", "1800 to 2100")]
    public async Task What_cannot_be_is_refused(string change, string pointer, string reason)
    {
        var response = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/trade",
            SampleRecord.With(SampleRecords.Trade("alpha", "beta", "2024", 1), JsonNode.Parse(change)!.AsObject()));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, pointer), (response.Status, Assert.Single(response.Pointers)));
        Assert.Contains(reason, (string)response.Body!["errors"]![pointer]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1403", "2024-03-20 to 2025-03-20 AD")]
    [InlineData("1403~", "2024-03-20 to 2025-03-20 AD")]
    [InlineData("1403-06", "2024-08-22 to 2024-09-21 AD")]
    [InlineData("1402/1403", "the year 1402")]
    [InlineData("2020/2567", "the year 2567")]
    public async Task A_year_of_another_calendar_is_refused_for_an_observation_too(string date, string reason)
    {
        var response = await api.Editor.SendJsonAsync(HttpMethod.Post, Figures, SampleRecords.Observation("hijri", "alpha", 1, date));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/date"), (response.Status, Assert.Single(response.Pointers)));
        Assert.Contains(reason, (string)response.Body!["errors"]!["/date"]![0]!["message"]!, StringComparison.Ordinal);
    }

    private static string ClaimOf(string claimant) =>
        $$"""{ "citations": [{ "source": "source", "certainty": "claimed", "claimant": "{{claimant}}" }] }""";

    private static int _year = 1800;

    /// <summary>A year that no other test of this class uses.</summary>
    private static int NextYear() => Interlocked.Increment(ref _year);

    private static string TradeText(string period, string value) =>
        $$"""
        { "reporter": "alpha", "partner": "beta", "flow": "M", "period": "{{period}}", "value": {{value}}, "currency": "USD",
          "citations": [{ "source": "source", "locator": "page 1", "certainty": "stated" }] }
        """;

    private async Task CompareAsync(string path, int year, string first, string second, bool isSame, Func<int, JsonObject> make)
    {
        JsonObject Body(string change) => SampleRecord.With(
            make(year), JsonNode.Parse(change.Replace("YEAR", $"{year}", StringComparison.Ordinal))!.AsObject());
        var one = await api.Editor.AddAsync(path, Body(first));

        var two = await api.Editor.SendJsonAsync(HttpMethod.Post, path, Body(second));

        Assert.Equal(isSame ? HttpStatusCode.Conflict : HttpStatusCode.Created, two.Status);
        if (!isSame)
            return;
        Assert.Contains($"'{one["id"]}' ({path}/{one["id"]})", (string)two.Body!["detail"]!, StringComparison.Ordinal);
        // nor does another record become the same figure
        var other = await api.Editor.AddAsync(
            path, SampleRecord.With(Body(first), new JsonObject { ["citations"] = SampleRecords.Citations("other") }));
        var citations = new JsonObject { ["citations"] = Body(first)["citations"]!.DeepClone() };
        var patch = await api.Editor.SendJsonAsync(HttpMethod.Patch, $"{path}/{other["id"]}", citations, "\"1\"", mediaType: Patch);
        var put = await api.Editor.SendJsonAsync(HttpMethod.Put, $"{path}/{other["id"]}",
            SampleRecord.With(Body(first), citations), "\"1\"");
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (patch.Status, put.Status));
    }

    private async Task AddOthersAsync()
    {
        if ((await api.Reader.GetJsonAsync("/v1/sources/other")).Status == HttpStatusCode.OK)
            return;
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("other"));
        await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/alpha",
            JsonNode.Parse("""{ "identifiers": [{ "scheme": "iso3", "value": "AAA" }] }"""), "*", mediaType: Patch);
    }

    private async Task<JsonResponse> BatchAsync(params string[] lines)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch")
        {
            Content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson"),
        };
        return await api.Editor.SendJsonAsync(request);
    }

    private async Task<HttpResponseMessage> SendTextAsync(HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new StringContent(body, Encoding.UTF8, method == HttpMethod.Patch ? Patch : "application/json"),
        };
        if (method != HttpMethod.Post)
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        request.Headers.Add("Change-Cause", "our-error");
        return await api.Editor.SendAsync(request, Cancellation);
    }

    private async Task<string> PositionAsync() =>
        (await api.Reader.GetAsync("/v1/changes?after=now", Cancellation)).Headers.GetValues("Position").Single();

    /// <summary>The same document from the other end: members in reverse, letters decomposed, instants with an offset, numbers as
    /// JavaScript writes them.</summary>
    private static JsonNode Reversed(JsonNode node) => node switch
    {
        JsonObject o =>
            new JsonObject(o.Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : (JsonNode?)Reversed(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(m => m is null ? null : Reversed(m))]),
        JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.Number => JsonNode.Parse(
            decimal.Parse(v.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture).ToString("0.############################",
                System.Globalization.CultureInfo.InvariantCulture))!,
        JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.String => JsonValue.Create(
            ((string)v!) is ['2', '0', .., 'Z'] instant
                ? DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture)
                    .ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", System.Globalization.CultureInfo.InvariantCulture)
                : ((string)v!).Normalize(NormalizationForm.FormD)),
        _ => node.DeepClone(),
    };
}
