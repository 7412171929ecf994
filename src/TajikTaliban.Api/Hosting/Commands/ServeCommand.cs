using System.CommandLine;
using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using TajikTaliban.Api.Hosting.Seeding;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>serve</c>: the default.</summary>
internal static class ServeCommand
{
    public static Command Create(CancellationToken stop)
    {
        var urls = new Option<string?>("--urls") { Description = "Addresses to listen on, separated by ';' (default http://localhost:8080, or ASPNETCORE_URLS)." };
        var migrate = new Option<bool>("--migrate") { Description = "Bring the configured database to this version first, and seed it. (The service's own is brought unasked.)" };
        var command = new Command("serve", "Serve the API (the default).") { urls, migrate };
        command.SetAction((arguments, _) => CommandLine.GuardAsync(() => RunAsync(arguments.GetValue(urls), arguments.GetValue(migrate), stop), stop));
        return command;
    }

    private static async Task<int> RunAsync(string? urls, bool migrate, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        var builder = Service.CreateBuilder(urls);
        using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddServiceConsole(builder.Configuration));
        var log = loggers.CreateLogger("TajikTaliban.Api");
        await using var database = await CommandDatabase.OpenAsync(builder.Configuration, loggers, stop);
        await using var app = Service.Build(builder, database.Source, feed: database.Feed);
        if (database.IsEmbedded || migrate)
        {
            var applied = await CommandDatabase.MigrateAsync(database.Source, stop);
            if (applied.Count > 0)
                log.LogInformation("Migrated: {Migrations}", string.Join(", ", applied));
            var report = await app.Services.GetRequiredService<Seeder>().RunIfChangedAsync(SeedFiles.DefaultFolder, stop);
            log.LogInformation("Seeds: {Added} added, {Changed} changed, {Left} left", report.Added, report.Changed, report.Left);
            foreach (var note in report.Notes)
                log.LogWarning("Seeds: {Note}", note);
        }
        else if (!await CommandDatabase.IsCurrentAsync(database.Source, stop))
        {
            throw new CommandException("The configured database is not of this version. Run `migrate` (and `seed`), or serve with --migrate.");
        }

        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException e)
        {
            throw new CommandException($"{e.Message}\nChoose another address with --urls http://localhost:8090 or ASPNETCORE_URLS.");
        }

        var origin = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal);
        log.LogInformation("Serving on {Origin} after {Seconds:0.0} s, over {Database}", origin, watch.Elapsed.TotalSeconds, database.Description);
        if (!Console.IsOutputRedirected)
        {
            Console.WriteLine($"""

                  {origin}/docs                                                  the documentation, to try every call
                  {origin}/v1                                                    the resources
                  {origin}/v1/trade?reporter=tajikistan&partner=afghanistan      what they trade, and who says so
                  {origin}/v1/relations?actor=taliban&validAt=2024-08-15         how others stood to the Taliban then

                Ctrl-C stops it.
                """);
        }

        await app.WaitForShutdownAsync(stop);
        return 0;
    }
}
