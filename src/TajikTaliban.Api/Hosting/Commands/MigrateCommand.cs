using System.CommandLine;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>migrate</c>.</summary>
internal static class MigrateCommand
{
    public static Command Create(CancellationToken stop)
    {
        var command = new Command("migrate", "Bring the database's schema to this version. Safe to repeat; two at once wait for each other.");
        command.SetAction((_, _) => CommandLine.GuardAsync(async () =>
        {
            var builder = Service.CreateBuilder();
            await using var database = await CommandDatabase.OpenAsync(builder.Configuration, Logging.Quiet, stop);
            var applied = await CommandDatabase.MigrateAsync(database.Source, stop);
            Console.WriteLine(applied.Count == 0 ? "The schema is of this version already." : $"Applied: {string.Join(", ", applied)}");
            return 0;
        }, stop));
        return command;
    }
}
