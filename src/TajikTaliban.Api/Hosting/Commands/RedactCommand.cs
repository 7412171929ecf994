using System.CommandLine;
using System.Globalization;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>redact</c>.</summary>
internal static class RedactCommand
{
    public static Command Create(ServiceFactory service, CancellationToken stop)
    {
        var resource = new Option<string>("--resource") { Description = "The resource, such as actors.", Required = true };
        var id = new Option<string>("--id") { Description = "The id of the record.", Required = true };
        var versions = new Option<string?>("--versions")
        {
            Description = "The versions, separated by commas (default: all but the current one).",
        };
        var reason = new Option<string>("--reason") { Description = "Why, in words. Everybody can read it.", Required = true };
        var command = new Command("redact",
            "Remove the content of versions that may not be public, for good: from the history, the feed, the past and kept responses, "
            + "and then from the files of the tables. The current version is refused: change or delete the record first.")
        {
            resource, id, versions, reason,
        };
        command.SetAction((arguments, _) => CommandLine.GuardAsync(async () =>
        {
            var builder = service.CreateBuilder(null);
            await using var database = await CommandDatabase.OpenAsync(builder.Configuration, Logging.Quiet, stop);
            await using var app = service.Build(builder, database.Pools, database.Direct);
            await CommandDatabase.MigrateIfEmbeddedAsync(database, stop);
            await database.RequireCurrentAsync(stop);
            var catalogue = app.Services.GetRequiredService<ResourceCatalogue>();
            var of = catalogue.All.FirstOrDefault(r => r.Name == arguments.GetValue(resource)) ?? throw new CommandException(
                $"--resource must be one of {string.Join(", ", catalogue.All.Select(r => r.Name))}.");
            var what = new VersionsToRedact(
                of, arguments.GetValue(id)!, ReadVersions(arguments.GetValue(versions)), arguments.GetValue(reason)!);
            var redacted = await RunAsync(app.Services, what, stop);
            await app.Services.GetRequiredService<Redactions>().VacuumAsync(of.Table, stop);
            Console.WriteLine(
                $"Redacted {of.Name}/{what.Id}, versions {string.Join(", ", redacted)}. Purge the addresses of these versions, and those "
                + "as of positions, in shared caches; replace backups that hold the content.");
            var archives = await new LedgerRanges(database.Direct).ArchivesOfAsync(of.Table, what.Id, redacted, stop);
            if (archives.Count > 0)
            {
                Console.WriteLine(
                    $"Files of the ledger hold the content, too: {string.Join(", ", archives)}. Bring each back by `ledger attach`, which "
                    + "leaves it out, detach it again, and remove the old file.");
            }

            return 0;
        }, stop));
        return command;
    }

    private static async Task<IReadOnlyList<int>> RunAsync(IServiceProvider services, VersionsToRedact what, CancellationToken stop)
    {
        var author = new Author(services.GetRequiredService<TimeProvider>().GetUtcNow());
        try
        {
            var (versions, _) = await services.GetRequiredService<WriteTransaction>().RunAsync(author, async session =>
            {
                var redacted = await RedactVersions.RunAsync(session, what, stop);
                var entry = AuditEntry.OfCommand("redact", $"{what.Resource.Name}/{what.Id}");
                await AuditLog.AddAsync(
                    session.Connection, entry with { Detail = $"versions {string.Join(", ", redacted)}: {what.Reason}" }, stop);
                return redacted;
            }, stop);
            return versions;
        }
        catch (ProblemException e)
        {
            throw new CommandException(e.Message);
        }
    }

    private static List<int>? ReadVersions(string? text) =>
        text?.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version : throw new CommandException("Write --versions as numbers separated by commas, such as 1,2.")).ToList();
}
