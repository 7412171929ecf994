using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Features.Reports;
using TajikTaliban.Api.Features.Webhooks;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Api.Hosting.Http;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.Hosting.Telemetry;
using TajikTaliban.Api.Platform.Answers;
using TajikTaliban.Api.Platform.Deadlines;
using TajikTaliban.Api.Platform.Fairness;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary>The sections of the configuration that are the service's own. A setting that is misspelled would have no effect.</summary>
internal static class OwnSettings
{
    private static readonly Dictionary<string, string[]> Sections = new()
    {
        ["ConnectionStrings"] = ["Database", "Direct"],
        [WebhookSettings.Section] = NamesOf<WebhookSettings>(),
        [ReportSettings.Section] = NamesOf<ReportSettings>(),
        [RequestLimitSettings.Section] = NamesOf<RequestLimitSettings>(),
        [EmbeddedPostgresSettings.Section] = NamesOf<EmbeddedPostgresSettings>(),
        [FairnessSettings.Section] = NamesOf<FairnessSettings>(),
        [CorsSettings.Section] = NamesOf<CorsSettings>(),
        [AnswerOptions.Section] = NamesOf<AnswerOptions>(),
        [AccessLogOptions.Section] = NamesOf<AccessLogOptions>(),
        [SeedSettings.Section] = NamesOf<SeedSettings>(),
        [TelemetryOptions.Section] = NamesOf<TelemetryOptions>(),
    };

    /// <summary>The names of the sections.</summary>
    public static IEnumerable<string> Names => Sections.Keys;

    /// <exception cref="CommandException">A section has settings that the service does not know.</exception>
    public static void RefuseUnknown(IConfiguration configuration)
    {
        var unknown = new List<string>();
        foreach (var (section, names) in Sections)
        {
            foreach (var setting in configuration.GetSection(section).GetChildren()
                .Where(s => !names.Contains(s.Key, StringComparer.OrdinalIgnoreCase)))
            {
                var near = Suggest.Nearest(setting.Key, names);
                unknown.Add($"{section}__{setting.Key} is not a setting of this service; "
                    + (near is null ? $"those of {section} are {string.Join(", ", names)}." : $"did you mean {section}__{near}?"));
            }
        }

        if (unknown.Count > 0)
            throw new CommandException(string.Join('\n', unknown));
    }

    private static string[] NamesOf<T>() => [.. typeof(T).GetProperties().Where(p => p.CanWrite).Select(p => p.Name)];
}
