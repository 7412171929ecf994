using System.CommandLine;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>health</c>: checks that a running service is ready, for containers without another HTTP client.</summary>
internal static class HealthCommand
{
    public static Command Create(CancellationToken stop)
    {
        var url = new Option<string>("--url")
        {
            Description = "Address of the service.",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
        };
        var command = new Command("health", "Check that a running service is ready (exit code 0) or not (exit code 1).") { url };
        command.SetAction((arguments, _) => CommandLine.GuardAsync(async () =>
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
            try
            {
                using var response = await client.GetAsync(new Uri(new Uri(arguments.GetValue(url)!), "/health/ready"), stop);
                Console.WriteLine(await response.Content.ReadAsStringAsync(stop));
                return response.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or UriFormatException)
            {
                throw new CommandException($"The service does not respond at {arguments.GetValue(url)}: {e.Message}");
            }
        }, stop));
        return command;
    }
}
