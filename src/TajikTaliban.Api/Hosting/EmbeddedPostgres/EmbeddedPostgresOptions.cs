namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>Where the private PostgreSQL comes from and where its data lives; everything may be left unsaid.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The folder holding <c>postgres</c>, <c>initdb</c> and <c>pg_ctl</c>; null lets the service look for them.</summary>
    public string? BinFolder { get; init; }

    /// <summary>Where the data is kept; null means the per-user data folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Where fetched binaries are kept; null means the per-user cache folder.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>The database that exists once the cluster has started.</summary>
    public string Database { get; init; } = "tajik_taliban";

    /// <summary>The allowed binaries if <see cref="BinFolder"/> is not set.</summary>
    public EmbeddedPostgresSource Source { get; init; } = EmbeddedPostgresSource.Any;

    /// <summary>
    /// PostgreSQL settings on top of the service's own, such as <c>fsync=off</c> for tests. They hold for a cluster that this instance
    /// starts; one that another instance has already started is taken as it is.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The only folders in which programs are looked for, npm too; null means PATH and the usual places.</summary>
    internal IReadOnlyList<string>? SearchFolders { get; init; }
}

public enum EmbeddedPostgresSource
{
    /// <summary>Installed versions, otherwise the npm package.</summary>
    Any,

    /// <summary>Only installed versions.</summary>
    Installed,

    /// <summary>Only the npm package.</summary>
    Npm,
}
