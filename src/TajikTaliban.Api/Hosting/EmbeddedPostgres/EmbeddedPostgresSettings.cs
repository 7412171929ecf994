using Microsoft.Extensions.Options;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>The settings <c>Embedded:…</c> as text.</summary>
public sealed class EmbeddedPostgresSettings
{
    public const string Section = "Embedded";

    /// <summary>The folder with <c>postgres</c>, <c>initdb</c> and <c>pg_ctl</c> (default: search for them).</summary>
    public string? BinFolder { get; set; }

    /// <summary>The folder of the data (default: the data folder of the user).</summary>
    public string? DataFolder { get; set; }

    /// <summary>The folder of fetched binaries (default: the cache folder of the user).</summary>
    public string? CacheFolder { get; set; }

    /// <summary>The name of an <see cref="EmbeddedPostgresSource"/> (default: any).</summary>
    public string? Source { get; set; }

    /// <summary>Reads and validates the settings.</summary>
    /// <exception cref="OptionsValidationException">A setting is not valid; its failures are sentences for the operator.</exception>
    public static EmbeddedPostgresOptions Read(IConfiguration configuration)
    {
        var names = string.Join(", ", Enum.GetNames<EmbeddedPostgresSource>()).ToLowerInvariant();
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddOptions<EmbeddedPostgresSettings>().BindConfiguration(Section)
            .Validate(s => s.SourceOrNull() is not null,
                $"{Section}__{nameof(Source)} is '{configuration[$"{Section}:{nameof(Source)}"]}'; use {names}.");
        using var provider = services.BuildServiceProvider();
        var settings = provider.GetRequiredService<IOptions<EmbeddedPostgresSettings>>().Value;
        return new EmbeddedPostgresOptions
        {
            BinFolder = settings.BinFolder,
            DataFolder = settings.DataFolder,
            CacheFolder = settings.CacheFolder,
            Source = settings.SourceOrNull()!.Value,
        };
    }

    private EmbeddedPostgresSource? SourceOrNull() =>
        string.IsNullOrEmpty(Source) ? EmbeddedPostgresSource.Any
        : Enum.TryParse<EmbeddedPostgresSource>(Source, ignoreCase: true, out var source) && Enum.GetName(source) is { } name
            && name.Equals(Source, StringComparison.OrdinalIgnoreCase) ? source
        : null;
}
