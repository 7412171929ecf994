using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>
/// Old ranges of the ledger's documents are detached into files and brought back, beneath a service that runs: nothing but the feed can
/// tell. The ranges have 20 changes here.
/// </summary>
public sealed class ArchiveTests(PostgresServer server) : IAsyncLifetime
{
    private const int RangeSize = 20;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("archives-");
    private string _database = "";
    private NpgsqlDataSource _source = null!;
    private ServiceProcess _service = null!;
    private HttpClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync("small-ranges", async connection =>
        {
            await using var source = Api.Storage.Database.Open(connection);
            await CommandDatabase.MigrateAsync(source, CancellationToken.None);
            await using var smaller = source.CreateCommand(
                $"""
                drop table ledger_documents_1;
                delete from ledger_ranges;
                create or replace function ledger_range_size() returns bigint language sql immutable as $$ select {RangeSize}::bigint $$;
                select ledger_room(0)
                """);
            await smaller.ExecuteNonQueryAsync(CancellationToken.None);
        });
        _source = Api.Storage.Database.Open(_database);
        var key = (await ServiceProcess.RunAsync(_database, "keys", "create", "--name", "archivist", "--role", Roles.Admin)).LastLine;
        (_service, _client) = await ServiceProcess.ServeAsync(_database);
        _client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        await _client.AddBasicsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _service?.Dispose();
        if (_source is not null)
            await _source.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Only_the_feed_misses_what_is_detached_and_it_comes_back_as_it_was()
    {
        await WriteAsync();
        var positions = await PositionsAsync();
        var asked = Questions(positions).ToList();
        var before = await AnswersAsync(asked);
        var feed = await FeedAsync(null);
        var read = await ReadAsync();
        var ranges = await RangesAsync();
        Assert.InRange(ranges.Count, 5, 12);

        var names = new List<string>();
        while (await DetachOrNullAsync() is { } detached)
            names.Add(detached.Archive!.Name);

        Assert.InRange(names.Count, 3, 9);
        var refused = await Assert.ThrowsAsync<RangeException>(() => Ranges.DetachAsync(_folder.FullName, Cancellation));
        Assert.Contains("a range can be detached when the one after it is full", refused.Message, StringComparison.Ordinal);
        Assert.Equal(names.Order(StringComparer.Ordinal), _folder.GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal));
        // records, history, states and differences are complete, and so is what webhooks are sent
        Assert.Equal(before, await AnswersAsync(asked));
        Assert.Equal(read, await ReadAsync());
        await AssertFilesAsync(names, feed);

        // the feed says where the changes are, and goes on after them
        foreach (var (index, name) in names.Index())
        {
            var range = (await RangesAsync())[index];
            var last = positions.Single(p => Number(p) == range.Archive!.LastPosition);
            var from = index == 0 ? "0-00000000"
                : positions.Single(p => Number(p) == Math.Min(range.Archive!.FirstPosition, (long)Number(last)) - 1);
            foreach (var media in new[] { "application/json", "application/x-ndjson", "text/event-stream" })
                await AssertArchivedAsync($"/v1/changes?after={from}", media, names, index);
            if (index == names.Count - 1)
            {
                var rest = feed.Where(c => Number((string)c["position"]!) > Number(last));
                Assert.Equal(rest.Select(Text), (await FeedAsync(last)).Select(Text));
            }
        }

        var kept = positions.Single(p => Number(p) == Number(positions[^1]) - 5);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetJsonAsync($"/v1/changes?after={kept}&before={positions[^1]}")).Status);

        // they come back in any order
        foreach (var name in names.AsEnumerable().Reverse())
            await Ranges.AttachAsync(PathOf(name), Cancellation);
        Assert.Equal(feed.Select(Text), (await FeedAsync(null)).Select(Text));
        Assert.Equal(ranges.Select(r => (r.Number, r.First, r.Next)), (await RangesAsync()).Select(r => (r.Number, r.First, r.Next)));
        Assert.All(await RangesAsync(), r => Assert.Null(r.Archive));
    }

    [Fact]
    public async Task Writers_go_on_while_ranges_are_detached_and_brought_back()
    {
        await WriteAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(async () =>
        {
            var count = 0;
            for (; !stop.IsCancellationRequested; count++)
                await _client.AddAsync("/v1/sources", SampleRecords.Source($"writer-{w}-{count}"));
            return count;
        }, Cancellation)).ToList();
        for (var round = 0; round < 3; round++)
        {
            Assert.NotNull(await DetachOrNullAsync());
            Assert.NotNull(await DetachOrNullAsync());
            foreach (var range in (await RangesAsync()).Where(r => r.Archive is not null))
                await Ranges.AttachAsync(PathOf(range.Archive!.Name), Cancellation);
        }

        await stop.CancelAsync();
        var written = (await Task.WhenAll(writers)).Sum();
        Assert.True(written > 0);
        Assert.Equal(written, (await FeedAsync(null)).Count(c => ((string)c["id"]!).StartsWith("writer-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_redacted_does_not_come_back()
    {
        await WriteAsync();
        var archive = (await DetachOrNullAsync())!.Archive!;
        const string Secret = "Version 2 of alpha";
        Assert.Contains(await AnswersAsync(["/v1/actors/alpha?version=2"]), a => a.Contains(Secret, StringComparison.Ordinal));

        var redacted = await ServiceProcess.RunAsync(
            _database, "redact", "--resource", "actors", "--id", "alpha", "--versions", "2", "--reason", "Not public");

        Assert.Equal(0, redacted.ExitCode);
        Assert.Contains($"Files of the ledger hold the content, too: {archive.Name}.", redacted.All, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await _client.GetJsonAsync("/v1/actors/alpha?version=2")).Status);
        await Ranges.AttachAsync(PathOf(archive.Name), Cancellation);
        Assert.DoesNotContain(await FeedAsync(null), c => Text(c).Contains(Secret, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Gone, (await _client.GetJsonAsync("/v1/actors/alpha?version=2")).Status);
        // and the file that is made now does not have it
        Assert.NotNull(await DetachOrNullAsync());
        Assert.DoesNotContain(await ChangesAsync(archive.Name), c => c.Document?.Text.Contains(Secret, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Only_the_file_that_was_made_is_brought_back()
    {
        await WriteAsync();
        var other = await AttachAsync("other.parquet", create: true);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("No range is in a file of the name other.parquet.", other.All, StringComparison.Ordinal);
        Assert.Equal(0, (await DetachAsync()).ExitCode);
        var name = (await RangesAsync())[0].Archive!.Name;
        var path = PathOf(name);
        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Cancellation);

        var changed = await AttachAsync(name);

        Assert.Equal(1, changed.ExitCode);
        Assert.Contains("its SHA-256 is another", changed.All, StringComparison.Ordinal);
        Assert.Equal(name, (await RangesAsync())[0].Archive!.Name);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        Assert.Equal(0, (await AttachAsync(name)).ExitCode);
        Assert.Equal("ledger.detach ledger, ledger.attach ledger", await AuditAsync());
    }

    [Fact]
    public async Task One_write_may_fill_many_ranges()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 7 * RangeSize).Select(i =>
            new JsonObject { ["resource"] = "sources", ["record"] = SampleRecords.Source($"many-{i}") }.ToJsonString()));
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var answer = await _client.PostAsync("/v1/batch", content, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        var position = answer.Headers.GetValues("Position").Single();
        var feed = await FeedAsync(null);

        while (await DetachOrNullAsync() is not null)
        {
        }

        // a place within the transaction, after the last range that is detached
        var last = (await RangesAsync()).Last(r => r.Archive is not null);
        Assert.Equal(Number(position), last.Archive!.LastPosition);
        var place = feed.Last(c => Change((string)c["position"]!) < last.Next);
        Assert.Equal(HttpStatusCode.Gone, (await _client.GetJsonAsync(
            $"/v1/changes?after={(string)feed[feed.IndexOf(place) - 1]["position"]!}")).Status);
        Assert.Equal(feed.Skip(feed.IndexOf(place) + 1).Select(Text), (await FeedAsync((string)place["position"]!)).Select(Text));
    }

    private static int Number(string position) => int.Parse(position.Split('-', '.')[0], CultureInfo.InvariantCulture);

    private static long Change(string position) => long.Parse(position.Split('-')[0].Split('.')[1], CultureInfo.InvariantCulture);

    private static string Text(JsonNode node) => node.ToJsonString();

    /// <summary>What is asked before and after: about each record and each of its versions, as of positions, and between them.</summary>
    private static IEnumerable<string> Questions(IReadOnlyList<string> positions)
    {
        for (var i = 0; i < 12; i++)
        {
            yield return $"/v1/sources/source-{i}/history";
            yield return $"/v1/sources/source-{i}?version=1";
            yield return $"/v1/sources/source-{i}?version=2";
        }

        yield return "/v1/actors/alpha/history";
        yield return "/v1/corrections";
        yield return "/v1/releases";
        foreach (var position in positions.Where((_, i) => i % 9 == 4))
        {
            yield return $"/v1/sources?asOf={position}&limit=100";
            yield return $"/v1/actors/alpha?asOf={position}";
            yield return $"/v1/sources.ndjson?asOf={position}";
        }

        yield return "/v1/releases/early/changes?to=late";
    }

    /// <summary>Sources that are added, changed, corrected and deleted, and an actor of many versions, in some 120 changes; two releases.
    /// </summary>
    private async Task WriteAsync()
    {
        for (var i = 0; i < 12; i++)
            await _client.AddAsync("/v1/sources", SampleRecords.Source($"source-{i}"));
        await PatchAsync("actors/alpha", "description", "Version 2 of alpha");
        await ReleaseAsync("early");
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 12; i++)
                await PatchAsync($"sources/source-{i}", "title", $"Title {round} of {i}", i % 3 == 0 ? "our-error" : null);
            await PatchAsync("actors/alpha", "description", $"Round {round}");
        }

        await ReleaseAsync("late");
        var deleted = await _client.SendJsonAsync(HttpMethod.Delete, "/v1/sources/source-11", ifMatch: "*");
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        for (var i = 0; i < 2 * RangeSize; i++)
            await PatchAsync("actors/beta", "description", $"Last {i}");
    }

    private async Task ReleaseAsync(string id)
    {
        var made = await _client.SendJsonAsync(HttpMethod.Post, "/v1/releases", new JsonObject { ["id"] = id, ["title"] = id });
        Assert.Equal(HttpStatusCode.Created, made.Status);
    }

    private async Task PatchAsync(string path, string member, string value, string? cause = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/v1/{path}")
        {
            Content = new StringContent(new JsonObject { [member] = value }.ToJsonString(), Encoding.UTF8, "application/merge-patch+json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (cause is not null)
            request.Headers.Add("Change-Cause", cause);
        var answer = await _client.SendJsonAsync(request);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{path}: {answer.Body?.ToJsonString()}");
    }

    private async Task<List<string>> AnswersAsync(IEnumerable<string> paths)
    {
        var answers = new List<string>();
        foreach (var path in paths)
        {
            using var answer = await _client.GetAsync(path, Cancellation);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
            answers.Add($"{path}: {text}");
        }

        return answers;
    }

    private async Task<List<JsonNode>> FeedAsync(string? after)
    {
        var all = new List<JsonNode>();
        for (var position = after ?? "0-00000000"; ;)
        {
            var page = await _client.GetJsonAsync($"/v1/changes?after={position}&limit=37");
            Assert.True(page.Status == HttpStatusCode.OK, page.Body?.ToJsonString());
            all.AddRange(page.Body!["items"]!.AsArray().Select(i => i!.DeepClone()));
            position = (string)page.Body["position"]!;
            if ((bool)page.Body["complete"]!)
                return all;
        }
    }

    private async Task<List<string>> PositionsAsync()
    {
        var positions = new List<string>();
        await using var command = _source.CreateCommand("select position || '-' || token from ledger_transactions order by position");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            positions.Add(reader.GetString(0));
        return positions;
    }

    /// <summary>The changes as webhooks read them.</summary>
    private async Task<List<string>> ReadAsync()
    {
        var reader = new FeedReader(_source, new Api.Storage.Records.Documents(new AsStored()));
        var changes = new List<Change>();
        await reader.ReadAsync(Api.Domain.Position.Start, null, new FeedLimits(1000, long.MaxValue), true, changes.Add, Cancellation);
        return [.. changes.Select(c => $"{c with { Document = null, Before = null }} {Utf8(c.Before)} {Utf8(c.Document)}")];

        static string Utf8(byte[]? text) => text is null ? "-" : Encoding.UTF8.GetString(text);
    }

    private async Task<List<ArchivedChange>> ChangesAsync(string name)
    {
        await using var file = File.OpenRead(PathOf(name));
        return await ArchiveFile.ReadAsync(file, Cancellation).ToListAsync(Cancellation);
    }

    /// <summary>The files have the changes of the feed, each once and in order.</summary>
    private async Task AssertFilesAsync(IEnumerable<string> names, List<JsonNode> feed)
    {
        var archived = new List<ArchivedChange>();
        foreach (var name in names)
            archived.AddRange(await ChangesAsync(name));
        Assert.Equal(
            feed.Take(archived.Count).Select(
                c => $"{c["position"]} {c["resource"]} {c["id"]} {c["version"]} {c["operation"]} {c["cause"]}"),
            archived.Select(c => $"{c.Position} {c.Table} {c.Id} {c.Version} {c.Operation} {c.Cause}"));
        Assert.Equal(
            feed.Take(archived.Count).Select(c => c["record"]?["title"]?.ToString()),
            archived.Select(c => c.Document is { } d ? JsonNode.Parse(d.Text)!["title"]?.ToString() : null));
    }

    private async Task AssertArchivedAsync(string path, string media, IReadOnlyList<string> names, int index)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", media);
        var answer = await _client.SendJsonAsync(request);
        Assert.True(answer.Status == HttpStatusCode.Gone, $"{path} {media}: {answer.Status} {answer.Body?.ToJsonString()}");
        // one position may be in two files
        var named = (string)answer.Body!["archive"]!;
        Assert.Contains(named, names.Skip(Math.Max(0, index - 1)).Take(2));
        var last = (await PositionsAsync()).Single(p => Number(p) == int.Parse(named.Split('-', '.')[3], CultureInfo.InvariantCulture));
        Assert.Equal(
            ("/problems/archived", "/v1/snapshot",
                $"Changes after this position are in the archive {named}. Read it and go on with after={last}; or start again from "
                + "/v1/snapshot and replace your copy with it."),
            ((string)answer.Body["type"]!, (string)answer.Body["restart"]!, (string)answer.Body["detail"]!));
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType!.MediaType);
    }

    private LedgerRanges Ranges => new(new DirectDatabase(_source, isOwned: false));

    private Task<IReadOnlyList<LedgerRange>> RangesAsync() => Ranges.ListAsync(Cancellation);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task<LedgerRange?> DetachOrNullAsync()
    {
        try
        {
            return await Ranges.DetachAsync(_folder.FullName, Cancellation);
        }
        catch (RangeException)
        {
            return null;
        }
    }

    private Task<CommandResult> DetachAsync() => ServiceProcess.RunAsync(_database, "ledger", "detach", "--folder", _folder.FullName);

    private async Task<CommandResult> AttachAsync(string name, bool create = false)
    {
        var path = PathOf(name);
        if (create)
            await File.WriteAllTextAsync(path, "", Cancellation);
        return await ServiceProcess.RunAsync(_database, "ledger", "attach", path);
    }

    private async Task<string> AuditAsync()
    {
        var audit = await _client.GetJsonAsync("/v1/audit?limit=100");
        return string.Join(", ", audit.Body!["items"]!.AsArray().Reverse().Select(a => $"{a!["action"]} {a["target"]}")
            .Where(a => a.StartsWith("ledger.", StringComparison.Ordinal)));
    }

    private sealed class AsStored : Api.Storage.Records.IDocumentUpgrade
    {
        public bool IsCurrent(string table, short shape, int edition) => true;

        public byte[] Upgrade(string table, short shape, ReadOnlyMemory<byte> document) => document.ToArray();
    }
}
