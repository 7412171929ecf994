using System.CommandLine;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>migrate</c>.</summary>
internal static class MigrateCommand
{
    public static Command Create(ServiceFactory service, CancellationToken stop)
    {
        var command = new Command("migrate",
            "Migrate the schema of the database to this version. Safe to repeat; concurrent runs wait for each other.");
        command.SetAction((_, _) => CommandLine.GuardAsync(async () =>
        {
            var builder = service.CreateBuilder(null);
            await using var database = await CommandDatabase.OpenAsync(builder.Configuration, Logging.Quiet, stop);
            await using var alone = await database.LockAsync(stop);
            var applied = await database.MigrateAsync(stop);
            Console.WriteLine(applied.Count == 0 ? "The schema is up to date." : $"Applied: {string.Join(", ", applied)}");
            return 0;
        }, stop));
        return command;
    }
}
