namespace TajikTaliban.Api.Hosting.Seeding;

/// <summary>The settings of seeds.</summary>
public sealed class SeedSettings
{
    public const string Section = "Seeds";

    /// <summary>The packs that a start and <c>seed</c> write, separated by commas; empty: all.</summary>
    public string Packs { get; set; } = "";

    public IReadOnlyList<string> PackNames =>
        Packs.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
