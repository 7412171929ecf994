using System.Diagnostics;
using TajikTaliban.Api.IntegrationTests.Contract;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>
/// A second build of the program, as its next version may be: a migration adds columns to records, replaces the triggers and functions of
/// the ledger, adds an index and admits one more code; the code list has that code, and another label for an old one.
/// </summary>
public sealed class NextVersion : IDisposable
{
    public const string Migration = "29990101000000_NextVersion";
    public const string Label = "Report (of the next version)";

    /// <summary>A kind of source that this version does not have.</summary>
    public const string Kind = "film";

    private const string OldKinds = "kind in ('article', ";
    private const string NewKinds = $"kind in ('{Kind}', 'article', ";

    private const string MigrationText = $$"""
        using Microsoft.EntityFrameworkCore.Infrastructure;
        using Microsoft.EntityFrameworkCore.Migrations;
        using TajikTaliban.Api.Domain.CodeLists;
        using TajikTaliban.Api.Storage.Sql;

        namespace TajikTaliban.Api.Storage.Migrations;

        /// <summary>The next version.</summary>
        [DbContext(typeof(ApiDbContext))]
        [Migration("{{Migration}}")]
        public sealed class NextVersion : Migration
        {
            /// <inheritdoc />
            protected override void Up(MigrationBuilder migrationBuilder)
            {
                migrationBuilder.Sql("alter table sources add column reviewed_by text");
                migrationBuilder.Sql("alter table events add column reviewed boolean not null default false");
                migrationBuilder.Sql("create index ix_sources_reviewed_by on sources (reviewed_by)");
                migrationBuilder.DropCheckConstraint("ck_sources_kind", "sources");
                migrationBuilder.AddCheckConstraint("ck_sources_kind", "sources",
                    $"kind in ({string.Join(", ", CodeLists.SourceKinds.Values.Select(v => $"'{v}'"))})");
                migrationBuilder.FollowInLedger();
            }
        }
        """;

    private const string TargetsText = """
        <Project>
          <ItemGroup>
            <Compile Remove="Storage/Migrations/ApiDbContextModelSnapshot.cs" />
            <Compile Include="$(MSBuildThisFileDirectory)*.cs" />
            <EmbeddedResource Remove="Domain/CodeLists/source-kinds.json" />
            <EmbeddedResource Include="$(MSBuildThisFileDirectory)source-kinds.json"
                              LogicalName="TajikTaliban.Api.Domain.CodeLists.source-kinds.json" />
          </ItemGroup>
        </Project>
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tajik-taliban-next-");

    private NextVersion()
    {
    }

    /// <summary>Where the program is.</summary>
    public string Folder => Path.Combine(_folder.FullName, "out");

    /// <summary>Builds it from the sources and the restored packages of this build, to which nothing is written.</summary>
    public static async Task<NextVersion> BuildAsync(CancellationToken cancellation)
    {
        var next = new NextVersion();
        try
        {
            await next.WriteAsync(cancellation);
            await next.CompileAsync(cancellation);
            return next;
        }
        catch
        {
            next.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Project(params string[] path) => Path.Combine([Repository.Root, "src", "TajikTaliban.Api", .. path]);

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private async Task WriteAsync(CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(In("NextVersion.cs"), MigrationText, cancellation);
        await File.WriteAllTextAsync(In("next.targets"), TargetsText, cancellation);
        await WriteChangedAsync(Project("Storage", "Migrations", "ApiDbContextModelSnapshot.cs"), cancellation, (OldKinds, NewKinds));
        const string Codes = "\"codes\": [";
        await WriteChangedAsync(Project("Domain", "CodeLists", "source-kinds.json"), cancellation,
            ("\"label\": \"Report\"", $"\"label\": \"{Label}\""),
            (Codes, $$"""{{Codes}} { "value": "{{Kind}}", "label": "Film", "mappings": { "csl": "motion_picture" } },"""));
    }

    private async Task WriteChangedAsync(string file, CancellationToken cancellation, params (string Old, string New)[] changes)
    {
        var text = await File.ReadAllTextAsync(file, cancellation);
        foreach (var (old, changed) in changes)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, changed, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(In(Path.GetFileName(file)), text, cancellation);
    }

    private async Task CompileAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            "build", Project(), "--no-restore", "--nologo", "--verbosity", "quiet", "--disable-build-servers",
            "--output", Folder, $"-p:IntermediateOutputPath={In("obj")}{Path.DirectorySeparatorChar}",
            $"-p:CustomAfterMicrosoftCommonTargets={In("next.targets")}", "-p:RunAnalyzers=false",
        ])
        {
            RedirectStandardOutput = true,
        };
        using var build = Process.Start(start)!;
        try
        {
            var output = await build.StandardOutput.ReadToEndAsync(cancellation);
            await build.WaitForExitAsync(cancellation);
            Assert.True(build.ExitCode == 0, output);
        }
        finally
        {
            if (!build.HasExited)
                build.Kill(entireProcessTree: true);
        }
    }
}
