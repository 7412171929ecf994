using System.CommandLine;
using System.Runtime.InteropServices;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Api.Hosting.Seeding;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary>The commands, and the way that each is run: Ctrl-C ends it in order, a known error is one clear message and exit code 1.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
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

        var serve = ServeCommand.Create(stop.Token);
        var root = new RootCommand(
            "Facts, figures and their evidence on the relationship of Tajikistan and the Taliban's Afghanistan, as an HTTP API over PostgreSQL.\n"
            + "Without a command it serves. Without ConnectionStrings__Database it runs a private PostgreSQL of its own.")
        {
            serve,
            MigrateCommand.Create(stop.Token),
            SeedCommand.Create(stop.Token),
            KeysCommand.Create(stop.Token),
            OpenApiCommand.Create(stop.Token),
            HealthCommand.Create(stop.Token),
        };
        foreach (var option in serve.Options)
            root.Options.Add(option);
        root.Action = serve.Action;
        // the signals are ours: the library's handling would cut the stop of the database short
        return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, CancellationToken.None);
    }

    /// <summary>
    /// A shell starts what it puts in the background with interrupts ignored, and the runtime leaves that as it is; whoever sends one to a
    /// service means it.
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

    /// <summary>Runs a command's work; what a user can mend is told without a stack trace.</summary>
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
        catch (Exception e) when (e is EmbeddedPostgresException or SeedException or CommandException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (Npgsql.NpgsqlException e)
        {
            await Console.Error.WriteLineAsync(
                $"The database refused or could not be reached: {e.Message}{(e.InnerException is null ? "" : $" ({e.InnerException.Message})")}\n"
                + "The connection is in ConnectionStrings__Database (Host=…;Database=…;Username=…;Password=…).");
            return 1;
        }
    }
}

/// <summary>An error of a command that its user can mend; the message says how.</summary>
public sealed class CommandException(string message) : Exception(message);
