namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>Files of the working copy, which tests of what is committed read.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string CommittedContract => Path.Combine(Root, "openapi", "v1.json");

    public static string Clients => Path.Combine(Root, "tests", "TajikTaliban.Api.IntegrationTests", "Contract", "clients");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TajikTaliban.Api.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests of the contract run in a working copy, above whose build folders the solution is.");
    }
}
