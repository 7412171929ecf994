namespace TajikTaliban.Api.Tests.Architecture;

/// <summary>The files of the working copy that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The C# files below a folder, by their path from the root of the working copy with <c>/</c> between the folders.</summary>
    public static IReadOnlyDictionary<string, string> CodeBelow(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(Root, file).Replace('\\', '/'), File: file))
            .Where(f => !f.Path.Contains("/obj/", StringComparison.Ordinal) && !f.Path.Contains("/bin/", StringComparison.Ordinal))
            .ToDictionary(f => f.Path, f => File.ReadAllText(f.File));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TajikTaliban.Api.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException(
            "These tests read the source files, and no folder above their build folder holds the solution.");
    }
}
