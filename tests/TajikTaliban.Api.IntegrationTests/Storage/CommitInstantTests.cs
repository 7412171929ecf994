using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.IntegrationTests.Storage;

/// <summary>
/// Each record has the instant of its commit, whether the service knows that already, reads it with the page, or after some rows of it.
/// The feed, which knows none, is the oracle.
/// </summary>
public sealed class CommitInstantTests(PostgresServer server) : IAsyncLifetime
{
    private const int Records = 30;
    private readonly ApiFixture _api = new(server);

    private CommitInstants Instants => _api.Services.GetRequiredService<CommitInstants>();

    public async ValueTask InitializeAsync()
    {
        await _api.InitializeAsync();
        await _api.Editor.AddBasicsAsync();
        for (var i = 0; i < Records; i++)
            await _api.Editor.AddAsync("/v1/events", SampleRecords.Event($"event-{i:00}", $"20{i:00}", "alpha", "beta"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("/v1/events?limit=7")]
    [InlineData("/v1/events?limit=1000&sort=-earliest")]
    [InlineData("/v1/events?actor=alpha&limit=7")]
    [InlineData("/v1/events?actor=alpha&from=2003&to=2024&limit=7")]
    [InlineData("/v1/events?validAt=2005~&limit=7")]
    [InlineData("/v1/events?q=title&limit=7")]
    public async Task Pages_have_the_instants_and_the_rows_that_they_have_without_any_in_memory(string path)
    {
        var recorded = await RecordedAsync();
        // nothing is known, then what the first walk found, then all but what three other commits changed
        var first = await ListAsync(path);
        Assert.NotEmpty(first);
        Assert.Equal(first.Select(e => recorded[e.Id]), first.Select(e => e.RecordedAt));
        for (var i = 0; i < 12; i++)
            Assert.Equal(first, await ListAsync(path));
        foreach (var id in (string[])["event-04", "event-09", "event-20"])
        {
            var changed = SampleRecords.Event(id, $"20{id[^2..]}", "alpha", "beta");
            changed["title"] = $"Another title of {id}";
            var answer = await _api.Editor.SendJsonAsync(HttpMethod.Put, $"/v1/events/{id}", changed, "\"1\"");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }

        recorded = await RecordedAsync();
        for (var i = 0; i < 12; i++)
        {
            var again = await ListAsync(path);
            Assert.Equal(first.Select(e => (e.Id, recorded[e.Id])), again);
            Instants.Open(mayBeAnother: true);
        }
    }

    [Fact]
    public async Task A_record_has_its_instant_before_and_after_it_is_known()
    {
        var recorded = await RecordedAsync();
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < Records; i++)
            {
                var id = $"event-{i:00}";
                Assert.Equal(recorded[id], (string)(await _api.Reader.GetJsonAsync($"/v1/events/{id}")).Body!["recordedAt"]!);
            }
        }
    }

    /// <summary>A reader of the database that is closed twice would end the reading of another request on its connection.</summary>
    [Fact]
    public async Task Requests_at_once_that_know_none_have_each_their_own_record_and_page()
    {
        var recorded = await RecordedAsync();
        for (var round = 0; round < 30; round++)
        {
            Instants.Open(mayBeAnother: true);
            await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
            {
                var id = $"event-{i % Records:00}";
                var path = i % 4 == 0 ? $"/v1/events?actor=alpha&limit={1 + (i % Records)}" : $"/v1/events/{id}?fields=id,recordedAt";
                var body = (await _api.Reader.GetJsonAsync(path)).Body!;
                if (i % 4 == 0)
                    body = body["items"]![i % Records]!;
                Assert.Equal((id, recorded[id]), ((string)body["id"]!, (string)body["recordedAt"]!));
            })).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void More_transactions_than_there_are_places_take_each_others()
    {
        var known = Instants.BeginOrNull()!;
        known.Add(5, DateTime.UnixEpoch);
        Assert.True(known.TryGet(5, out var instant));
        Assert.Equal(DateTime.UnixEpoch, instant);
        known.Add(5 + (64 * 1024), DateTime.MaxValue);
        Assert.False(known.TryGet(5, out _));
        Assert.True(known.TryGet(5 + (64 * 1024), out instant));
        Assert.Equal(DateTime.MaxValue, instant);
        Instants.Open(mayBeAnother: false);
        Assert.True(Instants.BeginOrNull()!.TryGet(5 + (64 * 1024), out _));
        Instants.Close();
        Assert.Null(Instants.BeginOrNull());
        Instants.Open(mayBeAnother: false);
        Assert.False(Instants.BeginOrNull()!.TryGet(5 + (64 * 1024), out _));
    }

    private async Task<Dictionary<string, string>> RecordedAsync()
    {
        var recorded = new Dictionary<string, string>();
        foreach (var change in (await _api.Reader.GetJsonAsync("/v1/changes?resource=events&limit=1000")).Body!["items"]!.AsArray())
            recorded[(string)change!["id"]!] = (string)change["record"]!["recordedAt"]!;
        return recorded;
    }

    private async Task<List<(string Id, string RecordedAt)>> ListAsync(string path) =>
        [.. (await _api.Reader.WalkAsync(path)).Select(e => ((string)e["id"]!, (string)e["recordedAt"]!))];
}
