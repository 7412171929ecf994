using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>Snapshots that are taken while a storm goes on: each has to be what the feed comes to at its position.</summary>
public sealed class StormSnapshots(string address) : IAsyncDisposable
{
    /// <summary>They are kept in memory.</summary>
    private const int Most = 40;

    private readonly HttpClient _client = new() { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
    private readonly CancellationTokenSource _ends = new();
    private readonly ConcurrentQueue<string[]> _taken = new();
    private Task _taking = Task.CompletedTask;

    public int Count => _taken.Count;

    public void Start() => _taking = Task.Run(async () =>
    {
        while (!_ends.IsCancellationRequested && Count < Most)
        {
            try
            {
                var lines = (await _client.GetStringAsync("/v1/snapshot", _ends.Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                // one that was cut, as by a kill, has no last line
                if (lines[^1].Contains("\"complete\":true", StringComparison.Ordinal))
                    _taken.Enqueue(lines);
                // many at the beginning, and some when there is more
                await Task.Delay(100 * (Count + 1), _ends.Token);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // the service is killed now and then
                await Task.Delay(100, CancellationToken.None);
            }
        }
    });

    public async Task StopAsync()
    {
        await _ends.CancelAsync();
        await _taking;
    }

    /// <summary>Where snapshots and the feed differ.</summary>
    /// <param name="client">A service that is there.</param>
    public async Task<IReadOnlyList<string>> FaultsAsync(HttpClient client)
    {
        var faults = new List<string>();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes");
        request.Headers.Add("Accept", "application/x-ndjson");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var feed = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n',
            StringSplitOptions.RemoveEmptyEntries)[..^1]
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var read = 0;
        foreach (var lines in _taken)
        {
            var position = JsonDocument.Parse(lines[0]).RootElement.GetProperty("position").GetString()!;
            Assert.True(Position.TryParse(position, out var place));
            for (; read < feed.Count && Position.TryParse(feed[read].GetProperty("position").GetString(), out var next)
                && next.Number <= place.Number; read++)
            {
                var key = $"{feed[read].GetProperty("resource").GetString()}/{feed[read].GetProperty("id").GetString()}";
                if (feed[read].GetProperty("record") is { ValueKind: JsonValueKind.Object } record)
                    records[key] = record.GetRawText();
                else
                    records.Remove(key);
            }

            var taken = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var line in lines[1..^1].Select(line => JsonDocument.Parse(line).RootElement))
            {
                taken.Add($"{line.GetProperty("resource").GetString()}/{line.GetProperty("id").GetString()}", line.GetProperty("record")
                    .GetRawText());
            }

            if (!records.SequenceEqual(taken))
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{position}: {string.Join(", ", records.Except(taken).Take(3))} is not in the "
                    + $"snapshot; {string.Join(", ", taken.Except(records).Take(3))} is not in the feed"));
            }
        }

        return faults;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ends.Dispose();
        _client.Dispose();
    }
}
