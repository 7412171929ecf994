using System.CommandLine;
using TajikTaliban.Api.Hosting.Seeding;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>seed</c>.</summary>
internal static class SeedCommand
{
    public static Command Create(ServiceFactory service, CancellationToken stop)
    {
        var folder = new Option<string>("--folder")
        {
            Description = "The folder with the seed files.",
            DefaultValueFactory = _ => SeedFiles.DefaultFolder,
        };
        var force = new Option<bool>("--force") { Description = "Overwrite records that were edited since they were seeded." };
        var command = new Command("seed",
            "Write the seed records: all of them or, on an error, none. Safe to repeat; edited and deleted records are left.") { folder,
                force };
        command.SetAction((arguments, _) => CommandLine.GuardAsync(async () =>
        {
            var builder = service.CreateBuilder(null);
            await using var database = await CommandDatabase.OpenAsync(builder.Configuration, Logging.Quiet, stop);
            await using var app = service.Build(builder, database.Pools, database.Direct);
            await using var alone = await database.LockAsync(stop);
            await CommandDatabase.MigrateIfEmbeddedAsync(database, stop);
            await database.RequireCurrentAsync(stop);
            var report = await app.Services.GetRequiredService<Seeder>()
                .RunAsync(arguments.GetValue(folder)!, arguments.GetValue(force), stop);
            foreach (var count in report.Counts)
                Console.WriteLine($"{count.Resource,-14} {count.Added,5} added {count.Changed,5} changed {count.Left,5} left");
            Console.WriteLine($"{"in all",-14} {report.Added,5} added {report.Changed,5} changed {report.Left,5} left");
            foreach (var note in report.Notes)
                Console.WriteLine(note);
            return 0;
        }, stop));
        return command;
    }
}
