using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Api.Hosting.Seeding;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary>The commands. Ctrl-C stops a command in order; a known error ends it with one message and exit code 1.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, ServiceFactory service)
    {
        ListenToInterrupts();
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        var serve = ServeCommand.Create(service, stop.Token);
        var root = new RootCommand(
            "Facts, figures and their evidence on the relationship of Tajikistan and the Taliban's Afghanistan, as an HTTP API over "
            + "PostgreSQL.\n"
            + "The default command is serve. Without ConnectionStrings__Database it starts an embedded PostgreSQL.")
        {
            serve,
            MigrateCommand.Create(service, stop.Token),
            SeedCommand.Create(service, stop.Token),
            KeysCommand.Create(service, stop.Token),
            RedactCommand.Create(service, stop.Token),
            LedgerCommand.Create(service, stop.Token),
            OpenApiCommand.Create(service, stop.Token),
            HealthCommand.Create(stop.Token),
        };
        foreach (var option in serve.Options)
            root.Options.Add(option);
        root.Action = serve.Action;
        // handle signals here: the library would cut the stop of the database short
        return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, CancellationToken.None);
    }

    /// <summary>
    /// Restores the default handling of interrupts: a shell starts background processes with interrupts ignored, and the runtime keeps
    /// that.
    /// </summary>
    private static void ListenToInterrupts()
    {
        const int interrupt = 2;
        if (!OperatingSystem.IsWindows())
            _ = SetSignal(interrupt, IntPtr.Zero);
    }

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern IntPtr SetSignal(int signal, IntPtr handler);

    /// <summary>Runs a command. Errors that the user can correct end it with their message, without a stack trace.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> work, CancellationToken stop)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        catch (OptionsValidationException e)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', e.Failures));
            return 1;
        }
        catch (InvalidOperationException e) when (e.Source == "Microsoft.Extensions.Configuration.Binder")
        {
            // a value of the wrong type; the message names it with the separator of files
            await Console.Error.WriteLineAsync(e.Message.Replace(":", "__", StringComparison.Ordinal));
            return 1;
        }
        catch (Exception e) when (e is EmbeddedPostgresException or SeedException or CommandException or IOException
            or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (Npgsql.NpgsqlException e)
        {
            await Console.Error.WriteLineAsync(
                "The database cannot be reached or rejected the "
                + $"command: {e.Message}{(e.InnerException is null ? "" : $" ({e.InnerException.Message})")}\n"
                + "Check ConnectionStrings__Database (Host=…;Database=…;Username=…;Password=…).");
            return 1;
        }
    }
}

/// <summary>An error of a command that the user can correct; the message states the correction.</summary>
public sealed class CommandException(string message) : Exception(message);
