using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Benchmarks.Load;

/// <summary><c>load</c>.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var events = new Option<int>("--events") { Description = "How many events.", DefaultValueFactory = _ => 1_000_000 };
        var trade = new Option<int>("--trade")
        {
            Description = "How many figures of trade, in series of 40.",
            DefaultValueFactory = _ => 200_000,
        };
        var actors = new Option<int>("--actors") { Description = "How many actors.", DefaultValueFactory = _ => 500 };
        var command = new Command("load", "Fill an empty database through the bulk path with plausible records, the same each time.")
        {
            events, trade, actors, BenchmarkDatabase.ConnectionOption, BenchmarkDatabase.DataOption,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var records = new PlausibleRecords(arguments.GetValue(actors), arguments.GetValue(events), arguments.GetValue(trade));
            await using var database = await BenchmarkDatabase.OpenAsync(arguments, cancellation);
            await FillAsync(database.ConnectionString(), records, cancellation);
            return 0;
        });
        return command;
    }

    public static async Task FillAsync(string connectionString, PlausibleRecords records, CancellationToken cancellation)
    {
        await using var source = Database.Open(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 }.ConnectionString);
        await CommandDatabase.MigrateAsync(source, cancellation);
        await using (var held = source.CreateCommand("select exists (select 1 from sources)"))
        {
            if ((bool)(await held.ExecuteScalarAsync(cancellation))!)
            {
                throw new BenchmarkException(
                    "The database holds records already. Give an empty one, or remove the folder that --data names.");
            }
        }

        var watch = Stopwatch.StartNew();
        await using (var context = Database.Context(source))
        await using (var transaction = await context.Database.BeginTransactionAsync(cancellation))
        {
            await LedgerSession.BeginAsync((NpgsqlConnection)context.Database.GetDbConnection(),
                new Author(PlausibleRecords.RecordedAt, Note: "Plausible records"), cancellation);
            var aside = await SetAside.TakeAsync((NpgsqlConnection)context.Database.GetDbConnection(), cancellation);
            var written = await new BulkCopy(context).WriteAsync(Ahead(records.All(Report), cancellation), cancellation);
            var seconds = watch.Elapsed.TotalSeconds;
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{written:N0} records in {seconds:N1} s: {written / seconds:N0} records/s"));
            watch.Restart();
            await aside.PutBackAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"indexes and foreign keys in {watch.Elapsed.TotalSeconds:N1} s"));
        }

        watch.Restart();
        // reads should not meet pages that nobody has looked at since they were written
        await using (var vacuum = source.CreateCommand("vacuum (analyze)"))
        {
            vacuum.CommandTimeout = 0;
            await vacuum.ExecuteNonQueryAsync(cancellation);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"vacuum and analyze in {watch.Elapsed.TotalSeconds:N1} s"));
        watch.Restart();
        await CommandDatabase.KeepCountsAsync(source, cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"kept counts in {watch.Elapsed.TotalSeconds:N1} s"));

        // what is being written while the next is made
        static IAsyncEnumerable<Record> Ahead(IEnumerable<Record> records, CancellationToken cancellation)
        {
            var made = Channel.CreateBounded<Record>(BulkCopy.BatchSize);
            _ = Task.Run(async () =>
            {
                try
                {
                    foreach (var record in records)
                        await made.Writer.WriteAsync(record, cancellation);
                    made.Writer.Complete();
                }
                catch (Exception e)
                {
                    made.Writer.Complete(e);
                }
            }, cancellation);
            return made.Reader.ReadAllAsync(cancellation);
        }

        void Report(string what, int count) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,7:N1} s  {count,10:N0} {what}"));
    }
}
