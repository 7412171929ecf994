using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Storage;

/// <summary>
/// With <c>ledger.reshape</c> on, an update rewrites documents without a new version and is refused if it changes anything else.
/// </summary>
public sealed class ReshapeTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Reshape = "set local ledger.reshape = 'on'";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rewritten_document_is_served_and_the_ledger_has_nothing_of_it()
    {
        await AddAsync("/v1/sources", """{ "id": "reshaped", "kind": "report", "title": "A report" }""");
        var before = await StateAsync("reshaped");

        await ExecuteAsync(Reshape,
            """
            update sources set shape = 2, search_text = 'rewritten',
                document = regexp_replace(document::text, '^\{', '{"kindLabel":"Report",')::json where id = 'reshaped'
            """);

        Assert.Equal(before, await StateAsync("reshaped"));
        var served = (await api.Reader.GetJsonAsync("/v1/sources/reshaped")).Body!;
        Assert.Equal(("Report", 1), ((string)served["kindLabel"]!, (int)served["version"]!));
        Assert.Equal((short)2, await ScalarAsync("select shape from sources where id = 'reshaped'"));
        var found = (await api.Reader.GetJsonAsync("/v1/sources?q=rewritten")).Body!["items"]!.AsArray();
        Assert.Equal("reshaped", (string)Assert.Single(found)!["id"]!);
        Assert.Equal((short)1, await ScalarAsync(
            "select shape from ledger_changes join ledger_documents using (seq) where resource = 'sources' and id = 'reshaped'"));
    }

    [Fact]
    public async Task A_document_of_another_edition_has_the_current_labels_wherever_it_is_read()
    {
        await AddAsync("/v1/sources", """{ "id": "old-label", "kind": "report", "title": "A report" }""");
        await ExecuteAsync(Reshape,
            """
            update sources set edition = 7, document = replace(document::text, '"Report"', '"An old word"')::json where id = 'old-label'
            """);
        var served = (await api.Reader.GetJsonAsync("/v1/sources/old-label")).Body!.ToJsonString();
        var listed = (await api.Reader.GetJsonAsync("/v1/sources?q=old-label")).Body!["items"]![0]!.ToJsonString();
        var exported = await api.Reader.GetStringAsync("/v1/sources.ndjson?q=old-label", Cancellation);
        await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/sources/old-label", new JsonObject { ["title"] = "Another" }, "\"1\"",
            mediaType: "application/merge-patch+json");
        var old = (await api.Reader.GetJsonAsync("/v1/sources/old-label?version=1")).Body!.ToJsonString();

        Assert.Contains("\"kind\":\"report\",\"kindLabel\":\"Report\"", served, StringComparison.Ordinal);
        Assert.Equal((served, served, served), (listed, exported.TrimEnd(), old));
        Assert.Equal("An old word", await ScalarAsync("select document ->> 'kindLabel' from sources_past where id = 'old-label'"));
    }

    [Fact]
    public async Task The_next_version_keeps_the_rewritten_document_with_its_shape_among_the_versions()
    {
        await AddAsync("/v1/sources", """{ "id": "kept", "kind": "report", "title": "A report" }""");
        await ExecuteAsync(Reshape, "update sources set shape = 2 where id = 'kept'");

        var changed = await api.Editor.SendJsonAsync(
            HttpMethod.Patch, "/v1/sources/kept", new JsonObject { ["title"] = "Another" }, "\"1\"",
            mediaType: "application/merge-patch+json");

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal((short)2, await ScalarAsync("select shape from sources_past where id = 'kept'"));
        Assert.Equal("1 2, 2 1", await ScalarAsync(
            "select string_agg(version || ' ' || shape, ', ' order by version) from sources_versions where id = 'kept'"));
        Assert.Equal("1 1, 2 1", await ScalarAsync(
            """
            select string_agg(version || ' ' || shape, ', ' order by version)
            from ledger_changes join ledger_documents using (seq) where resource = 'sources' and id = 'kept'
            """));
    }

    [Fact]
    public async Task A_change_without_a_document_has_no_shape()
    {
        await AddAsync("/v1/sources", """{ "id": "gone", "kind": "report", "title": "A report" }""");

        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/sources/gone", ifMatch: "\"1\"");

        Assert.Equal("created 1, deleted -", await ScalarAsync(
            """
            select string_agg(operation || ' ' || coalesce(shape::text, '-'), ', ' order by version)
            from ledger_changes left join ledger_documents using (seq) where resource = 'sources' and id = 'gone'
            """));
    }

    [Theory]
    [InlineData("title = 'Other'")]
    [InlineData("document = '{}', title = 'Other'")]
    [InlineData("version = 2")]
    [InlineData("id = 'other'")]
    [InlineData("authors = '{Somebody}'")]
    [InlineData("recorded_at = now()")]
    [InlineData("transaction_id = transaction_id + 1")]
    [InlineData("document = '{}'")]
    [InlineData("document = replace(document::text, '\"version\":1', '\"version\":2')::json")]
    public async Task A_change_of_anything_else_is_refused(string change)
    {
        var id = $"refused-{Guid.NewGuid():n}";
        await AddAsync("/v1/sources", $$"""{ "id": "{{id}}", "kind": "report", "title": "A report" }""");
        var before = await StateAsync(id);

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync(Reshape, $"update sources set {change} where id = '{id}'"));

        Assert.Equal((PostgresErrorCodes.IntegrityConstraintViolation, "ledger_reshape"), (refused.SqlState, refused.ConstraintName));
        Assert.Equal(before, await StateAsync(id));
    }

    [Fact]
    public async Task A_change_of_the_scale_of_a_number_is_a_change()
    {
        await AddTradeAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync(Reshape, "update trade_flows set value = value::numeric(20, 5) where id = 'scaled'"));

        Assert.Equal("ledger_reshape", refused.ConstraintName);
    }

    [Fact]
    public async Task Parts_and_deletions_are_not_affected()
    {
        await AddAsync("/v1/sources", """{ "id": "cited", "kind": "report", "title": "A report" }""");
        await AddAsync("/v1/actors",
            """{ "id": "with-parts", "type": "state", "name": "An actor", "citations": [{ "source": "cited", "certainty": "stated" }] }""");

        var part = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync(Reshape, "update actor_citations set note = 'x' where record_id = 'with-parts'"));
        await ExecuteAsync(Reshape, "delete from actors where id = 'with-parts'");

        Assert.Equal("ledger_part_of_record", part.ConstraintName);
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync("/v1/actors/with-parts")).Status);
        Assert.Equal(1L, await ScalarAsync("select count(*) from actor_citations_past where record_id = 'with-parts'"));
    }

    [Fact]
    public async Task The_setting_ends_with_its_transaction()
    {
        await AddAsync("/v1/sources", """{ "id": "ended", "kind": "report", "title": "A report" }""");
        await ExecuteAsync(Reshape, "update sources set shape = 2 where id = 'ended'");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync("update sources set shape = 3 where id = 'ended'"));

        Assert.Equal("ledger_next_version", refused.ConstraintName);
    }

    private async Task AddTradeAsync()
    {
        await AddAsync("/v1/sources", """{ "id": "of-trade", "kind": "report", "title": "A report" }""");
        foreach (var id in (string[])["trader-one", "trader-two"])
        {
            await AddAsync("/v1/actors",
                $$"""
                { "id": "{{id}}", "type": "state", "name": "An actor",
                  "citations": [{ "source": "of-trade", "certainty": "stated" }] }
                """);
        }

        await AddAsync("/v1/trade",
            """
            { "id": "scaled", "reporter": "trader-one", "partner": "trader-two", "flow": "M", "period": "2024",
              "value": 1.5, "currency": "USD", "citations": [{ "source": "of-trade", "certainty": "stated" }] }
            """);
    }

    private async Task AddAsync(string path, string body)
    {
        var response = await api.Editor.SendJsonAsync(HttpMethod.Post, path, JsonNode.Parse(body));
        Assert.True(response.Status == HttpStatusCode.Created, response.Body?.ToJsonString());
    }

    /// <summary>What a rewrite leaves as it is: the row without its document, the rows of the past, and the ledger.</summary>
    private async Task<string> StateAsync(string id) => (string)(await ScalarAsync(
        $"""
        select concat_ws(' | ',
            (select (s.title, s.version, s.recorded_at, s.transaction_id)::text from sources s where s.id = '{id}'),
            (select count(*) from sources_past), (select count(*) from ledger_changes), (select count(*) from ledger_transactions))
        """))!;

    private async Task<object?> ScalarAsync(string query)
    {
        await using var command = api.Database.CreateCommand(query);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    /// <summary>Executes statements in one transaction.</summary>
    private async Task ExecuteAsync(params string[] statements)
    {
        await using var connection = await api.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await transaction.CommitAsync(Cancellation);
    }
}
