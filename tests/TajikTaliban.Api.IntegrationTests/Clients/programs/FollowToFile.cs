using System.Diagnostics;
using System.Text;
using System.Text.Json;
using TajikTaliban.Client;

// Follows into a file, a line for each step, and kills itself where it is told to: FollowToFile ADDRESS FOLDER file|own [PLACE NUMBER].
// `file` keeps the position in a file of its own, `own` reads it from the last line. A test compiles it against the package and runs it.
var (address, folder, own) = (args[0], args[1], args[2] == "own");
var (place, number) = args.Length > 3 ? (args[3], int.Parse(args[4])) : ("", 0);
var log = new Log(Path.Combine(folder, "log"));
var counts = new Dictionary<string, int>();
using var http = new HttpClient { BaseAddress = new Uri(address) };
IPositionStore store = own ? new LogStore(log) : new KillingStore(new FilePositionStore(Path.Combine(folder, "position")), Kill);
await new TajikTalibanClient(http).FollowAsync(store, ApplyAsync, new FollowOptions { StopAtEnd = true, PageSize = 7 });

async Task ApplyAsync(FollowStep step, CancellationToken cancellation)
{
    if (step is SnapshotStarted)
        log.Clear();
    if (step is ChangeReceived && step.Position == log.Last)
    {
        Console.WriteLine($"skipped {step.Position}");
        return;
    }

    var line = step switch
    {
        SnapshotRecord r => JsonSerializer.Serialize(new { step.Position, r.Resource, r.Id, Effect = "Write", r.Record }),
        ChangeReceived { Change: var c } change =>
            JsonSerializer.Serialize(new { step.Position, c.Resource, c.Id, Effect = $"{change.Effect}", c.Record }),
        _ => JsonSerializer.Serialize(new { step.Position, Effect = step.GetType().Name }),
    };
    Kill($"before-{step.GetType().Name}");
    Kill($"torn-{step.GetType().Name}", () => log.Append(line[..(line.Length / 2)]));
    log.Append(line + "\n");
    log.Last = step.Position;
    Kill($"after-{step.GetType().Name}");
    await Task.Yield();
}

void Kill(string at, Action? before = null)
{
    counts[at] = counts.GetValueOrDefault(at) + 1;
    if (at != place || counts[at] != number)
        return;
    before?.Invoke();
    Process.GetCurrentProcess().Kill();
}

/// <summary>Lines; the last one is cut off where it is not whole.</summary>
internal sealed class Log
{
    private readonly string _path;

    public Log(string path)
    {
        _path = path;
        if (!File.Exists(path))
            return;
        var text = File.ReadAllText(path);
        text = text[..(text.LastIndexOf('\n') + 1)];
        File.WriteAllText(path, text);
        var last = text.TrimEnd('\n').Split('\n')[^1];
        if (last.Length > 0 && !last.Contains("SnapshotStarted"))
            Last = JsonDocument.Parse(last).RootElement.GetProperty("Position").GetString();
    }

    /// <summary>The position of the last step.</summary>
    public string? Last { get; set; }

    /// <summary>Whether the last snapshot in the file has its end.</summary>
    public bool IsComplete => File.Exists(_path) && File.ReadAllText(_path).Contains("SnapshotCompleted");

    public void Clear() => File.WriteAllText(_path, "");

    public void Append(string text)
    {
        using var file = new FileStream(_path, FileMode.Append, FileAccess.Write);
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}

internal sealed class LogStore(Log log) : IPositionStore
{
    public Task<string?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(log.IsComplete ? log.Last : null);

    public Task WriteAsync(string position, CancellationToken cancellationToken) => Task.CompletedTask;
}

internal sealed class KillingStore(IPositionStore store, Action<string, Action?> kill) : IPositionStore
{
    public Task<string?> ReadAsync(CancellationToken cancellationToken) => store.ReadAsync(cancellationToken);

    public async Task WriteAsync(string position, CancellationToken cancellationToken)
    {
        await store.WriteAsync(position, cancellationToken);
        kill("stored", null);
    }
}
