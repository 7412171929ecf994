using System.CommandLine;
using System.Globalization;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>ledger list|detach|attach</c>.</summary>
internal static class LedgerCommand
{
    public static Command Create(ServiceFactory service, CancellationToken stop) =>
        new("ledger", "List the ranges of the ledger's documents, detach old ones into files, and bring them back.")
        {
            List(service, stop), Detach(service, stop), Attach(service, stop),
        };

    private static Command List(ServiceFactory service, CancellationToken stop)
    {
        var command = new Command("list", "List the ranges, oldest first, with the size of each, or the file that it is in.");
        command.SetAction((_, _) => RunAsync(service, async ranges =>
        {
            foreach (var range in await ranges.ListAsync(stop))
                Console.WriteLine(Text(range));
        }, stop));
        return command;
    }

    private static Command Detach(ServiceFactory service, CancellationToken stop)
    {
        var folder = new Option<DirectoryInfo>("--folder") { Description = "The folder of the file; it exists.", Required = true };
        folder.AcceptExistingOnly();
        var command = new Command("detach",
            "Write the oldest range to a Parquet file, check the file, and remove the range's documents from the database. Records, their "
            + "history, states as of a position and releases stay complete; the feed responds with 410 and the name of the file to who "
            + "asks for the changes in it. Keep the file as long as the database.")
        {
            folder,
        };
        command.SetAction((arguments, _) => RunAsync(service, async ranges =>
        {
            var range = await ranges.DetachAsync(arguments.GetValue(folder)!.FullName, stop);
            Console.WriteLine(Text(range));
        }, stop, "ledger.detach"));
        return command;
    }

    private static Command Attach(ServiceFactory service, CancellationToken stop)
    {
        var file = new Argument<FileInfo>("file") { Description = "The file that `detach` made." };
        file.AcceptExistingOnly();
        var command = new Command("attach", "Bring the documents of a file back into the database.") { file };
        command.SetAction((arguments, _) => RunAsync(service, async ranges =>
        {
            var range = await ranges.AttachAsync(arguments.GetValue(file)!.FullName, stop);
            Console.WriteLine(Text(range));
        }, stop, "ledger.attach"));
        return command;
    }

    private static string Text(LedgerRange range) => string.Create(CultureInfo.InvariantCulture,
        $"{range.Number}  changes {range.First} to {range.Next - 1}  ")
        + (range.Archive is not { } file
            ? string.Create(CultureInfo.InvariantCulture, $"{range.Bytes / 1048576.0:0.0} MB in the database")
            : string.Create(CultureInfo.InvariantCulture,
                $"positions {file.FirstPosition} to {file.LastPosition} in {file.Name}, SHA-256 {Convert.ToHexStringLower(file.Digest)}"));

    /// <summary>Runs work on the ranges, alone among the commands that change the database.</summary>
    private static Task<int> RunAsync(
        ServiceFactory service, Func<LedgerRanges, Task> work, CancellationToken stop, string? audited = null) =>
        CommandLine.GuardAsync(async () =>
        {
            await using var database = await CommandDatabase.OpenAsync(service.CreateBuilder(null).Configuration, Logging.Quiet, stop);
            await CommandDatabase.MigrateIfEmbeddedAsync(database, stop);
            await database.RequireCurrentAsync(stop);
            await using var alone = audited is null ? null : await database.LockAsync(stop);
            try
            {
                await work(new LedgerRanges(database.Direct));
            }
            catch (RangeException e)
            {
                throw new CommandException(e.Message);
            }
            catch (Exception e) when (DatabaseFaults.Of(e) == DatabaseFault.Locked)
            {
                throw new CommandException(
                    "Other transactions have held the ledger for too long (pg_stat_activity names them). Nothing has changed; run the "
                    + "command again.");
            }

            if (audited is not null)
                await new AuditLog(database.Source).AddAsync([AuditEntry.OfCommand(audited, "ledger")], stop);
            return 0;
        }, stop);
}
