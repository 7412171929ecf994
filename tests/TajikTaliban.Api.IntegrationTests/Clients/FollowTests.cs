using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Client;

namespace TajikTaliban.Api.IntegrationTests.Clients;

/// <summary>A follower in this process: what it passes to its callback, what it stores, and what it does when it is refused.</summary>
public sealed class FollowTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    private static readonly FollowOptions ToTheEnd = new() { StopAtEnd = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Uri Address => api.Reader.BaseAddress!;

    [Fact]
    public async Task A_snapshot_comes_first_and_then_each_change_with_what_it_does_to_a_copy()
    {
        var (client, store, steps) = (new TajikTalibanClient(api.Editor), new MemoryStore(), new List<FollowStep>());
        await client.FollowAsync(store, Into(steps), ToTheEnd, Cancellation);
        var records = steps.OfType<SnapshotRecord>().ToList();
        Assert.IsType<SnapshotStarted>(steps[0]);
        Assert.IsType<SnapshotCompleted>(steps[^1]);
        Assert.Equal((steps.Count - 2, 1), (records.Count, steps.Select(s => s.Position).Distinct().Count()));
        Assert.Equal("Taliban", records.Single(r => r.Resource == "actors" && r.Id == "taliban").As<Actor>().Name);

        steps.Clear();
        var added = await client.CreateSourceAsync(new SourceRequest { Kind = SourceKindCode.Report, Title = "Private words" },
            cancellationToken: Cancellation);
        await client.EditAsync(added.Id, (Source _) => new SourcePatch { Title = "Public words" }, cancellationToken: Cancellation);
        using var admin = api.Client(await api.CreateKeyAsync("follow-admin", Roles.Admin));
        await new TajikTalibanClient(admin).CreateRedactionAsync(
            new CreateRedactionRequest { Resource = "sources", Id = added.Id, Versions = [1], Reason = "Names a person." },
            cancellationToken: Cancellation);
        await client.DeleteSourceAsync(added.Id, "*", cancellationToken: Cancellation);
        await client.FollowAsync(store, Into(steps), ToTheEnd, Cancellation);

        Assert.Equal(
            [
                (ChangeOperation.Created, CopyEffect.None), (ChangeOperation.Updated, CopyEffect.Write),
                (ChangeOperation.Redacted, CopyEffect.None), (ChangeOperation.Deleted, CopyEffect.Remove),
            ], steps.Cast<ChangeReceived>().Select(c => (c.Change.Operation, c.Effect)));
        Assert.Equal("Public words", ((ChangeReceived)steps[1]).As<Source>()!.Title);
        Assert.Null(((ChangeReceived)steps[0]).As<Source>());
        Assert.Equal(steps.Select(s => s.Position), store.Written.Where(w => steps.Any(s => s.Position == w)));
    }

    [Fact]
    public async Task A_change_wakes_a_follower_and_a_cancelled_one_has_stored_what_it_applied()
    {
        var client = new TajikTalibanClient(api.Editor);
        var store = new MemoryStore();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var following = client.FollowAsync(store, async (step, _) =>
        {
            Assert.IsType<ChangeReceived>(step);
            await stop.CancelAsync();
        }, new FollowOptions { Start = FollowStart.Now, WaitSeconds = 20, Resources = [ResourceName.Sources] }, stop.Token);
        // the first page tells from where on it waits
        while (store.Written.Count == 0)
            await Task.Delay(10, Cancellation);

        await client.CreateSourceAsync(new SourceRequest { Kind = SourceKindCode.Report, Title = "Wakes" },
            cancellationToken: Cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        var changes = (await client.ListChangesAsync(after: store.Written[0], cancellationToken: Cancellation)).Items;
        Assert.Equal(Assert.Single(changes).Position, store.Written[1]);
    }

    [Fact]
    public async Task An_exception_of_the_callback_ends_it_and_the_change_comes_again()
    {
        var (client, store) = (new TajikTalibanClient(api.Reader), new MemoryStore());
        var options = new FollowOptions { Start = FollowStart.Beginning, StopAtEnd = true, PageSize = 5 };
        var read = new List<string>();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.FollowAsync(store, (step, _) =>
        {
            read.Add(step.Position);
            return read.Count == 8 ? throw new HttpRequestException("The copy is away.") : Task.CompletedTask;
        }, options, Cancellation));
        Assert.Equal(read[6], store.Written[^1]);

        var rest = new List<FollowStep>();
        await client.FollowAsync(store, Into(rest), options, Cancellation);
        var all = await client.AllAsync(await client.ListChangesAsync(cancellationToken: Cancellation), Cancellation)
            .Select(c => c.Position).ToListAsync(Cancellation);
        Assert.Equal(all, [.. read[..7], .. rest.Select(s => s.Position)]);
    }

    [Theory]
    [InlineData("1-00000000")]
    [InlineData("archived")]
    public async Task Where_the_position_is_gone_a_new_snapshot_is_taken(string position)
    {
        var line = new StubbedLine(Address);
        var client = new TajikTalibanClient(line.Client());
        if (position == "archived")
            line.Respond = r => r.RequestUri!.Query.Contains("archived", StringComparison.Ordinal) ? Archived() : null;
        var steps = new List<FollowStep>();
        var errors = new List<Exception>();

        await client.FollowAsync(new MemoryStore(position), Into(steps),
            new FollowOptions { StopAtEnd = true, Retrying = (error, _) => errors.Add(error) }, Cancellation);

        Assert.Equal(HttpStatusCode.Gone, ((ProblemException)Assert.Single(errors)).Status);
        Assert.IsType<SnapshotStarted>(steps[0]);
        Assert.IsType<SnapshotCompleted>(steps[^1]);
        var gone = await Assert.ThrowsAsync<ProblemException>(() => client.FollowAsync(new MemoryStore(position), Into(steps),
            new FollowOptions { StopAtEnd = true, SnapshotWhenGone = false }, Cancellation));
        Assert.Equal(position == "archived" ? "archived" : "position-gone", gone.Code);
    }

    [Fact]
    public async Task A_service_that_is_away_and_a_snapshot_that_is_cut_off_are_tried_again()
    {
        var line = new StubbedLine(Address);
        var (requests, responses) = (0, 0);
        line.Respond = _ => ++requests == 1 ? throw new HttpRequestException("No route.") : null;
        line.Rewrite = text => ++responses == 1 ? text[..(text.Length / 2)] : text;
        var client = new TajikTalibanClient(line.Client());
        var (steps, errors) = (new List<FollowStep>(), new List<Exception>());

        await client.FollowAsync(new MemoryStore(), Into(steps),
            new FollowOptions { StopAtEnd = true, Retrying = (error, _) => errors.Add(error) }, Cancellation);

        Assert.Equal([typeof(HttpRequestException), typeof(IOException)], errors.Select(e => e.GetType()));
        Assert.Equal(2, steps.OfType<SnapshotStarted>().Count());
        Assert.Single(steps.OfType<SnapshotCompleted>());
        var last = steps.Skip(steps.FindLastIndex(s => s is SnapshotStarted)).OfType<SnapshotRecord>().Count();
        Assert.Equal(last, (await api.Reader.GetStringAsync("/v1/snapshot", Cancellation)).Split('\n')
            .Count(l => l.Contains("\"record\":", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_refused_request_ends_it()
    {
        using var http = api.Client("not-a-key");

        var problem = await Assert.ThrowsAsync<ProblemException>(
            () => new TajikTalibanClient(http).FollowAsync(new MemoryStore(), Into([]), ToTheEnd, Cancellation));

        Assert.Equal(HttpStatusCode.Unauthorized, problem.Status);
    }

    [Fact]
    public async Task A_file_has_the_old_position_or_the_new_one()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "position");
            var store = new FilePositionStore(file);
            Assert.Null(await store.ReadAsync(Cancellation));
            await store.WriteAsync("1-a", Cancellation);
            // a process that was killed while it wrote
            await File.WriteAllTextAsync(file + ".new", "2", Cancellation);
            Assert.Equal("1-a", await store.ReadAsync(Cancellation));
            await store.WriteAsync("2-a", Cancellation);
            Assert.Equal("2-a", await new FilePositionStore(file).ReadAsync(Cancellation));
            Assert.Equal(["position"], folder.GetFiles().Select(f => f.Name));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Func<FollowStep, CancellationToken, Task> Into(List<FollowStep> steps) => (step, _) =>
    {
        steps.Add(step);
        return Task.CompletedTask;
    };

    private static HttpResponseMessage Archived() => new(HttpStatusCode.Gone)
    {
        Content = new StringContent(new JsonObject
        {
            ["type"] = "/problems/archived",
            ["code"] = "archived",
            ["title"] = "Changes in an archive",
            ["status"] = 410,
        }.ToJsonString()),
    };

    private sealed class MemoryStore(string? position = null) : IPositionStore
    {
        public List<string> Written { get; } = [];

        public Task<string?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Written.LastOrDefault() ?? position);

        public Task WriteAsync(string position, CancellationToken cancellationToken)
        {
            lock (Written)
                Written.Add(position);
            return Task.CompletedTask;
        }
    }
}
