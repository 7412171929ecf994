using System.CommandLine;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>seed</c>.</summary>
internal static class SeedCommand
{
    public static Command Create(ServiceFactory service, CancellationToken stop)
    {
        var folder = new Option<string>("--folder")
        {
            Description = "The folder with the packs of seeds, or with the files of one.",
            DefaultValueFactory = _ => SeedFiles.DefaultFolder,
        };
        var pack = Names("--pack", "Write these packs, with those that they require and those that were written before.");
        var remove = Names("--remove",
            "Delete the records of these packs, and what they added to other records. The ids are never used again.");
        var list = new Option<bool>("--list") { Description = "List the packs, with what the database has of them, and write nothing." };
        var force = new Option<bool>("--force") { Description = "Overwrite or delete records that were edited since they were seeded." };
        var command = new Command("seed",
            "Write the packs of seed records: all of them or, on an error, none. Safe to repeat; edited and deleted records are left.")
        {
            folder, pack, remove, list, force,
        };
        command.Validators.Add(result =>
        {
            if (new Option[] { pack, remove, list }.Count(o => result.GetResult(o) is { Implicit: false }) > 1)
                result.AddError("Use only one of --pack, --remove and --list.");
        });
        command.SetAction((arguments, _) => CommandLine.GuardAsync(async () =>
        {
            var builder = service.CreateBuilder(null);
            await using var database = await CommandDatabase.OpenAsync(builder.Configuration, Logging.Quiet, stop);
            await using var app = service.Build(builder, database.Pools, database.Direct);
            await using var alone = await database.LockAsync(stop);
            await CommandDatabase.MigrateIfEmbeddedAsync(database, stop);
            await database.RequireCurrentAsync(stop);
            var seeder = app.Services.GetRequiredService<Seeder>();
            if (arguments.GetValue(list))
            {
                Write(await seeder.ListAsync(arguments.GetValue(folder)!, stop));
                return 0;
            }

            Write(arguments.GetValue(remove) is { Length: > 0 } removed
                ? await seeder.RemoveAsync(arguments.GetValue(folder)!, removed, arguments.GetValue(force), stop)
                : await seeder.RunAsync(arguments.GetValue(folder)!, arguments.GetValue(force), stop,
                    arguments.GetValue(pack) is { Length: > 0 } packs ? packs : null));
            return 0;
        }, stop));
        return command;
    }

    private static Option<string[]> Names(string name, string description) =>
        new(name) { Description = description, HelpName = "names", AllowMultipleArgumentsPerToken = true };

    private static void Write(SeedReport report)
    {
        foreach (var count in report.Counts)
            Console.WriteLine(Line(count.Resource, count));
        Console.WriteLine(Line("in all", new SeedCount("", report.Added, report.Changed, report.Deleted, report.Left)));
        foreach (var note in report.Notes)
            Console.WriteLine(note);
    }

    private static string Line(string name, SeedCount count) => $"{name,-14} {count.Added,5} added {count.Changed,5} changed"
        + $"{(count.Deleted > 0 ? $" {count.Deleted,5} deleted" : "")} {count.Left,5} left";

    private static void Write(IReadOnlyList<SeedPackState> packs)
    {
        var width = packs.Max(p => p.Pack.Name.Length);
        foreach (var (pack, records, licences, state) in packs)
        {
            var said = state switch { SeededPack.Seeded => "seeded", SeededPack.Removed => "removed", _ => "not seeded" };
            Console.WriteLine($"{pack.Name.PadRight(width)} {said,-10} {records,6:N0} records  {pack.Title}"
                + (licences.Count == 0 ? "" : $" ({string.Join(", ", licences)})"));
        }
    }
}
