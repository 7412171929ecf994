#!/usr/bin/env dotnet
#:package Npgsql@10.0.3

// Keeps a copy of all records in your own PostgreSQL:
//
//   createdb copy
//   dotnet run follow.cs -- http://localhost:8080 "Host=localhost;Database=copy;Username=…;Password=…"
//
// Takes the snapshot once, then follows the changes. Each page of changes is committed together with the position after it, so the
// program may be killed at any moment: started again, it continues after the last change that it has stored.

using System.Net;
using System.Text.Json;
using Npgsql;

if (args.Length != 2
    || !Uri.TryCreate(args[0].TrimEnd('/') + '/', UriKind.Absolute, out var address)
    || address.Scheme is not ("http" or "https"))
{
    await Console.Error.WriteLineAsync(
        "Usage: follow.cs ADDRESS CONNECTION, with the address of the service (http://…) and an existing database (Host=…;Database=…)");
    return 2;
}

using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
await using var copy = NpgsqlDataSource.Create(args[1]);
var delay = TimeSpan.FromSeconds(0.2);
while (true)
{
    try
    {
        await RunAsync(
            """
            create table if not exists records (
                resource text, id text, version integer not null, record jsonb not null, primary key (resource, id));
            create table if not exists followed (only_row boolean primary key default true check (only_row), position text not null);
            """);
        var position = await PositionAsync() ?? await StartAsync();
        await Console.Out.WriteLineAsync($"Following from {position}");
        await FollowAsync(position);
        delay = TimeSpan.FromSeconds(0.2);
    }
    catch (RefusedException e)
    {
        // A retry would not help.
        await Console.Error.WriteLineAsync(e.Message);
        return 1;
    }
    catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException or NpgsqlException or JsonException)
    {
        await Console.Error.WriteLineAsync($"{e.Message} Retrying.");
        await Task.Delay(delay);
        delay = TimeSpan.FromSeconds(Math.Min(30, delay.TotalSeconds * 2));
    }
}

// Stores the snapshot in one transaction. Its last line shows that it is complete.
async Task<string> StartAsync()
{
    await using var connection = await copy.OpenConnectionAsync();
    await using var transaction = await connection.BeginTransactionAsync();
    await RunOnAsync(connection, "truncate records, followed");
    using var response = await http.GetAsync("v1/snapshot", HttpCompletionOption.ResponseHeadersRead);
    await CheckAsync(response);
    using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
    var (position, complete, records) = ("", false, 0);
    while (await lines.ReadLineAsync() is { } line)
    {
        var part = JsonDocument.Parse(line).RootElement;
        if (part.TryGetProperty("record", out var record))
        {
            await RunOnAsync(connection, "insert into records values ($1, $2, $3, $4::jsonb)",
                part.GetProperty("resource").GetString()!, part.GetProperty("id").GetString()!,
                part.GetProperty("version").GetInt32(), record.GetRawText());
            records++;
        }
        else
        {
            position = part.GetProperty("position").GetString()!;
            complete = part.TryGetProperty("complete", out _);
        }
    }

    if (!complete)
        throw new IOException("The snapshot is incomplete.");
    await RunOnAsync(connection, "insert into followed (position) values ($1)", position);
    await transaction.CommitAsync();
    await Console.Out.WriteLineAsync($"{records} records at {position}");
    return position;
}

async Task FollowAsync(string position)
{
    while (true)
    {
        using var response = await http.GetAsync($"v1/changes?after={position}&limit=1000&wait=30");
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            // The service was restored from a backup that is older than the copy: take a new snapshot.
            await Console.Out.WriteLineAsync($"Position {position} is gone; starting again.");
            await RunAsync("truncate followed");
            return;
        }

        await CheckAsync(response);
        var page = (await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync())).RootElement;
        var next = page.GetProperty("position").GetString()!;
        if (next == position)
            continue;
        await using var connection = await copy.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var change in page.GetProperty("items").EnumerateArray())
        {
            var (resource, id) = (change.GetProperty("resource").GetString()!, change.GetProperty("id").GetString()!);
            // the record of an old version was removed: what is current follows, or is here
            if (change.GetProperty("redacted").GetBoolean())
                continue;
            if (change.GetProperty("record") is { ValueKind: JsonValueKind.Object } record)
            {
                await RunOnAsync(connection,
                    """
                    insert into records values ($1, $2, $3, $4::jsonb)
                    on conflict (resource, id) do update set version = excluded.version, record = excluded.record
                    """,
                    resource, id, change.GetProperty("version").GetInt32(), record.GetRawText());
            }
            else
            {
                await RunOnAsync(connection, "delete from records where resource = $1 and id = $2", resource, id);
            }
        }

        await RunOnAsync(connection, "update followed set position = $1", next);
        await transaction.CommitAsync();
        await Console.Out.WriteLineAsync($"{page.GetProperty("items").GetArrayLength()} changes, now at {next}");
        position = next;
    }
}

static async Task CheckAsync(HttpResponseMessage response)
{
    if ((int)response.StatusCode is >= 400 and < 500 and not 408 and not 429)
    {
        throw new RefusedException(
            $"{(int)response.StatusCode} {response.ReasonPhrase}: {await response.Content.ReadAsStringAsync()}");
    }

    response.EnsureSuccessStatusCode();
}

async Task<string?> PositionAsync()
{
    await using var command = copy.CreateCommand("select position from followed");
    return (string?)await command.ExecuteScalarAsync();
}

async Task RunAsync(string sql)
{
    await using var connection = await copy.OpenConnectionAsync();
    await RunOnAsync(connection, sql);
}

static async Task RunOnAsync(NpgsqlConnection connection, string sql, params object[] values)
{
    await using var command = new NpgsqlCommand(sql, connection);
    foreach (var value in values)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value });
    }

    await command.ExecuteNonQueryAsync();
}

internal sealed class RefusedException(string message) : Exception(message);
