using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.Hosting.Telemetry;
using TajikTaliban.Api.Platform.Deadlines;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>serve</c>: the default.</summary>
internal static class ServeCommand
{
    private const string AccessLogOutput = $"{AccessLogOptions.Section}:{nameof(AccessLogOptions.Output)}";

    public static Command Create(ServiceFactory service, CancellationToken stop)
    {
        var urls = new Option<string?>("--urls")
        {
            Description = "Addresses to listen on, separated by ';' (default: ASPNETCORE_URLS, or http://localhost:8080).",
        };
        var migrate = new Option<bool>("--migrate")
        {
            Description = "Migrate and seed the configured database first. (The embedded database is always migrated and seeded.)",
        };
        var command = new Command("serve", "Serve the API (the default).") { urls, migrate };
        command.SetAction((arguments, _) =>
            CommandLine.GuardAsync(() => RunAsync(service, arguments.GetValue(urls), arguments.GetValue(migrate), stop), stop));
        return command;
    }

    /// <summary>Throws if an address is none that a server can listen on.</summary>
    private static void CheckAddresses(WebApplicationBuilder builder)
    {
        var addresses = builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) ?? "";
        foreach (var address in addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                var parsed = BindingAddress.Parse(address);
                if (parsed.Port is >= 0 and <= ushort.MaxValue && parsed.Scheme.ToLowerInvariant() is "http" or "https")
                    continue;
            }
            catch (FormatException)
            {
                // the same sentence
            }

            throw WrongAddress($"'{address}' is not an address to listen on.");
        }
    }

    private static CommandException WrongAddress(string why) =>
        new($"{why}\nChoose another address with --urls (such as http://localhost:8090) or ASPNETCORE_URLS.");

    /// <summary>Whether the server cannot listen where it was told to: a taken port, an address that is none, https without a
    /// certificate.</summary>
    private static bool IsOfAddress(Exception error) =>
        error is IOException or SocketException or FormatException
            || (error is InvalidOperationException or ArgumentException or NotSupportedException
                && error.Source?.StartsWith("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true);

    private static async Task<int> RunAsync(ServiceFactory service, string? urls, bool migrate, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        var builder = service.CreateBuilder(urls);
        CheckAddresses(builder);
        // at a terminal, the lines of requests would hide the others
        builder.Configuration[AccessLogOutput] ??= Console.IsOutputRedirected ? AccessLogOptions.StandardOutput : AccessLogOptions.Off;
        var starting = true;
        builder.Logging.AddStartFilter(() => starting);
        using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging"))
            .AddServiceConsole(builder.Configuration));
        var log = loggers.CreateLogger("TajikTaliban.Api");
        var limits = builder.Configuration.GetSection(RequestLimitSettings.Section).Get<RequestLimitSettings>()?.ToLimits()
            ?? new RequestLimits();
        await using var database = await CommandDatabase.OpenAsync(
            builder.Configuration, loggers, stop, new StatementLimits(limits.Deadline, limits.Write));
        await using var app = service.Build(builder, database.Pools, database.Direct);
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        if (database.IsEmbedded || migrate)
        {
            await using var alone = await database.LockAsync(stop);
            var applied = await database.MigrateAsync(stop);
            if (applied.Count > 0)
                log.LogInformation("Migrated: {Migrations}", string.Join(", ", applied));
            var report = await app.Services.GetRequiredService<Seeder>().RunIfChangedAsync(SeedFiles.DefaultFolder, stop);
            log.LogInformation("Seeds: {Added} added, {Changed} changed, {Left} left", report.Added, report.Changed, report.Left);
            foreach (var note in report.Notes)
                log.LogWarning("Seeds: {Note}", note);
        }
        else
        {
            await database.RequireSchemaAsync("Run `migrate` (and `seed`), or use serve --migrate.", stop);
        }

        try
        {
            await app.StartAsync(stop);
            starting = false;
        }
        catch (Exception e) when (IsOfAddress(e))
        {
            throw WrongAddress(e.Message.Split('\n', '\r')[0]);
        }

        var origin = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal);
        log.LogInformation("Serving on {Origin} after {Seconds:0.0} s, over {Database}", origin, watch.Elapsed.TotalSeconds,
            database.Description);
        if (!Console.IsOutputRedirected)
        {
            Console.WriteLine($"""

                  {origin}                                                       start page: search, guide, reference
                  {origin}/docs                                                  documentation, with every call to try
                  {origin}/v1                                                    the resources
                  {origin}/v1/trade?reporter=tajikistan&partner=afghanistan      their trade, with sources
                  {origin}/v1/relations?actor=taliban&validAt=2024-08-15         relations to the Taliban on that day

                Stop with Ctrl-C.
                """);
        }

        await app.WaitForShutdownAsync(stop);
        return 0;
    }
}
