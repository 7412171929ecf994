using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>The service's part of a cluster's settings, written before every start; postgresql.conf includes it at its end.</summary>
internal static partial class ClusterSettings
{
    public const string FileName = "embedded.conf";

    /// <summary>A quarter of the memory, which is PostgreSQL's own advice, and no more than four gigabytes; it is taken only as it
    /// fills.</summary>
    private static string SharedBuffers =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / 1024 / 1024, 128, 4096)}MB");

    public static async Task WriteAsync(
        string dataFolder, IReadOnlyDictionary<string, string> settings, bool reuseLastPort, CancellationToken ct)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["shared_buffers"] = SharedBuffers,
            ["max_connections"] = "100",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["log_line_prefix"] = "%m [%p] ",
            ["cluster_name"] = "tajik-taliban-api",
            ["jit"] = "off",
        };
        foreach (var (name, value) in settings)
        {
            if (!SettingName().IsMatch(name) || value.AsSpan().ContainsAny('\r', '\n', '\0'))
                throw new EmbeddedPostgresException($"'{name}' is not a valid name of a PostgreSQL setting.");
            all[name] = value;
        }

        // Reachable from this machine alone, and through nothing but the port: no socket file in a folder that all users share.
        all["listen_addresses"] = "127.0.0.1";
        all["unix_socket_directories"] = "";

        var file = Path.Combine(dataFolder, FileName);
        all["port"] = FreePort(reuseLastPort && File.Exists(file) ? await File.ReadAllTextAsync(file, ct) : "");

        var lines = all.Select(each => $"{each.Key} = '{each.Value.Replace("'", "''", StringComparison.Ordinal)}'\n");
        await Folders.WriteForOwnerAsync(file, string.Concat(lines), ct);
    }

    /// <summary>The last port if it is free (so that open clients can reconnect), otherwise any free port.</summary>
    private static string FreePort(string lastSettings)
    {
        var last = int.TryParse(PortSetting().Match(lastSettings).Groups["port"].ValueSpan, CultureInfo.InvariantCulture, out var port)
            ? TryBind(port)
            : null;
        return (last ?? TryBind(0)!.Value).ToString(CultureInfo.InvariantCulture);
    }

    private static int? TryBind(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException) when (port != 0)
        {
            return null;
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.]*$")]
    private static partial Regex SettingName();

    [GeneratedRegex("^port = '(?<port>[0-9]+)'", RegexOptions.Multiline)]
    private static partial Regex PortSetting();
}
