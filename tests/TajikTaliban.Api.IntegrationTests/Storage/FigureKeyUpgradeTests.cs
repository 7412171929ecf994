using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Storage;

/// <summary>Figures that were recorded before figures had keys: twice, or in a classification that does not fit.</summary>
public sealed class FigureKeyUpgradeTests(FigureKeyUpgradeTests.OldFiguresFixture api)
    : IClassFixture<FigureKeyUpgradeTests.OldFiguresFixture>
{
    private const string Observations = "/v1/indicators/full-indicator/observations";
    private const string Patch = "application/merge-patch+json";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/trade", "full-figure",
        """{ "flow": "X", "period": "2024-Q1", "commodity": { "classification": "HS", "code": "271600" } }""")]
    [InlineData("/v1/trade", "missing-figure", """{ "commodity": { "classification": "H6", "code": "TOTAL" }, "valuation": "CIF" }""")]
    [InlineData("/v1/trade", "old-services", """{ "type": "S" }""")]
    [InlineData(Observations, "full-observation", "{}")]
    public async Task An_old_figure_is_not_recorded_again(string path, string holder, string change)
    {
        var figure = path == Observations
            ? SampleRecords.Observation("again", "other-actor", 1) : SampleRecords.Trade("full-actor", "other-actor", "2024", 1);
        figure["citations"] = SampleRecords.Citations("full-source");

        var second = await api.Editor.SendJsonAsync(
            HttpMethod.Post, path, SampleRecord.With(figure, JsonNode.Parse(change)!.AsObject()));

        Assert.Equal(HttpStatusCode.Conflict, second.Status);
        Assert.Contains($"'{holder}' ({path}/{holder})", (string)second.Body!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_figures_that_were_recorded_twice_the_later_is_served_and_refused_when_it_is_written_again()
    {
        var doubled = await api.Reader.GetJsonAsync($"{Observations}/doubled-observation");
        Assert.Equal(HttpStatusCode.OK, doubled.Status);

        var change = new JsonObject { ["note"] = "Changed." };
        var refused = await api.Editor.SendJsonAsync(HttpMethod.Patch, $"{Observations}/doubled-observation", change, "*",
            mediaType: Patch);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("'full-observation'", (string)refused.Body!["detail"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent,
            (await api.Editor.SendJsonAsync(HttpMethod.Delete, $"{Observations}/doubled-observation", ifMatch: "*")).Status);
    }

    [Fact]
    public async Task Services_that_were_a_total_of_goods_by_default_are_one_of_services_now_and_then()
    {
        var served = (await api.Reader.GetJsonAsync("/v1/trade/old-services")).Body!;
        Assert.Equal(("EB", "EBOPS, as reported", "TOTAL"), ((string)served["commodity"]!["classification"]!,
            (string)served["commodity"]!["classificationLabel"]!, (string)served["commodity"]!["code"]!));
        var position = (await api.Reader.GetAsync("/v1/changes?after=now", Cancellation)).Headers.GetValues("Position").Single();
        foreach (var filter in (string[])["", $"&asOf={position}"])
        {
            var found = await api.Reader.GetJsonAsync($"/v1/trade?commodity.classification=EB{filter}");
            Assert.Equal(["old-services"], found.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!));
        }

        var same = await api.Editor.SendJsonAsync(HttpMethod.Put, "/v1/trade/old-services", served, "\"1\"");
        Assert.Equal((HttpStatusCode.OK, 1), (same.Status, (int)same.Body!["version"]!));
    }

    /// <summary>The service over a database of the first version with figures that the present one would refuse.</summary>
    public sealed class OldFiguresFixture(PostgresServer server) : ApiFixture(server)
    {
        private const string Figures =
            """
            begin;
            select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:30:00Z', true);
            insert into observations (id, indicator_id, date, earliest, latest, value, approximate, obs_status, version, recorded_at,
                document, shape, search_text)
            values ('doubled-observation', 'full-indicator', '2024~', '2024-01-01', '2024-12-31', 2, false, 'A', 1, '2026-11-24T10:30:00Z',
                '{"id":"doubled-observation","indicator":"full-indicator","subjects":["other-actor"],"date":"2024~","earliest":"2024-01-01",
                "latest":"2024-12-31","value":2,"approximate":false,"obsStatus":"A","note":null,"citations":[{"source":"full-source",
                "locator":null,"certainty":"stated","note":null}],"version":1,"recordedAt":"2026-11-24T10:30:00Z"}', 1, 'doubled');
            insert into observation_subjects (ordinal, observation_id, actor_id) values (0, 'doubled-observation', 'other-actor');
            insert into observation_citations (ordinal, record_id, source_id, certainty)
            values (0, 'doubled-observation', 'full-source', 'stated');
            insert into trade_flows (id, reporter_id, partner_id, flow, period, frequency, earliest, latest, type, classification,
                commodity_code, value, currency, approximate, obs_status, claim_source_id, version, recorded_at, document, shape,
                search_text)
            values ('old-services', 'full-actor', 'other-actor', 'M', '2024', 'A', '2024-01-01', '2024-12-31', 'S', 'HS', 'TOTAL', 5, 'USD',
                false, 'A', 'full-source', 1, '2026-11-24T10:30:00Z',
                '{"id":"old-services","reporter":"full-actor","partner":"other-actor","flow":"M","period":"2024","frequency":"A",
                "earliest":"2024-01-01","latest":"2024-12-31","type":"S","commodity":{"classification":"HS","code":"TOTAL"},"value":5,
                "currency":"USD","valuation":null,"approximate":false,"obsStatus":"A","citations":[{"source":"full-source","locator":null,
                "certainty":"stated","note":null}],"version":1,"recordedAt":"2026-11-24T10:30:00Z"}', 1, 'old services');
            insert into trade_flow_citations (ordinal, record_id, source_id, certainty) values (0, 'old-services', 'full-source', 'stated');
            commit;
            """;

        protected override (string Name, Func<string, Task> MakeAsync) Template => ("old-figures", MakeFirstAndUpgradeAsync);

        private static async Task MakeFirstAndUpgradeAsync(string connection)
        {
            await using var database = Api.Storage.Database.Open(connection);
            await UpgradeTests.MakeFirstAsync(database);
            await using (var command = database.CreateCommand(Figures))
            {
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }

            await CommandDatabase.MigrateAsync(database, CancellationToken.None);
        }
    }
}
