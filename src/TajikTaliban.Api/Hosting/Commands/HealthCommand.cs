using System.CommandLine;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>health</c>: asks a running service whether it is ready, for containers, which have no other client in them.</summary>
internal static class HealthCommand
{
    public static Command Create(CancellationToken stop)
    {
        var url = new Option<string>("--url") { Description = "The address of the service.", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        var command = new Command("health", "Ask a running service whether it is ready: exit code 0 if so, 1 if not.") { url };
        command.SetAction((arguments, _) => CommandLine.GuardAsync(async () =>
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
            try
            {
                using var answer = await client.GetAsync(new Uri(new Uri(arguments.GetValue(url)!), "/health/ready"), stop);
                Console.WriteLine(await answer.Content.ReadAsStringAsync(stop));
                return answer.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or UriFormatException)
            {
                throw new CommandException($"The service does not answer at {arguments.GetValue(url)}: {e.Message}");
            }
        }, stop));
        return command;
    }
}
