namespace TajikTaliban.Api.Tests.Architecture;

/// <summary>Folders inside a room depend in one direction.</summary>
public sealed class FolderTests
{
    private const string Root = "TajikTaliban.Api";
    private const string Planted = "TajikTaliban.Api.Tests.Architecture.Planted";

    /// <summary>The folders of the platform, top to bottom: each uses only those below it.</summary>
    private static readonly string[] PlatformFolders =
    [
        "Fairness", "Resources", "Representations", "Answers", "Writing", "Querying", "Ledger", "Evidence", "Auth", "Catalogue",
        "Validation", "Deadlines", "Problems", "Http", "Editions", "Json",
    ];

    private static readonly IReadOnlyList<FolderArrow> House = FolderGraph.Read(typeof(Service).Assembly.Location, Root, 2);
    private static readonly IReadOnlyList<FolderArrow> PlantedFolders = FolderGraph.Read(typeof(FolderTests).Assembly.Location, Planted, 1);

    [Theory]
    [InlineData("Domain")]
    [InlineData("Storage")]
    [InlineData("Platform")]
    [InlineData("Features")]
    [InlineData("Hosting")]
    public void The_folders_of_a_room_form_no_circle(string room) => HasNoCycle(Inside(room));

    /// <summary>The hosting starts the program; the program's root puts the rooms together, and the hosting does not know it.</summary>
    [Fact]
    public void The_hosting_and_the_root_of_the_program_form_no_circle() =>
        HasNoCycle([.. House.Where(a => IsHostingOrRoot(a.From) && IsHostingOrRoot(a.To))]);

    [Fact]
    public void Each_folder_of_the_platform_uses_only_those_below_it()
    {
        var offences = FolderGraph.AgainstOrder(Inside("Platform"), [.. PlatformFolders.Select(f => $"Platform.{f}")]);

        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    [Fact]
    public void A_planted_circle_is_found()
    {
        var cycle = Assert.Single(FolderGraph.Cycles(PlantedFolders));

        Assert.Equal(["One", "Two"], cycle.Select(a => a.From).Order());
        Assert.Equal(["Guest -> Host", "Host -> Guest"], cycle.SelectMany(a => a.Examples).Order());
        Assert.Throws<Xunit.Sdk.TrueException>(() => HasNoCycle(PlantedFolders));
    }

    [Theory]
    [InlineData("One", "Two", "Two -> One: Guest -> Host")]
    [InlineData("Two", "One", "One -> Two: Host -> Guest")]
    public void An_arrow_against_the_declared_order_is_found(string upper, string lower, string offence) =>
        Assert.Equal([$"Against the declared order: {offence}"], FolderGraph.AgainstOrder(PlantedFolders, [upper, lower]));

    [Fact]
    public void A_folder_without_a_place_in_the_order_is_found() =>
        Assert.Contains("Two has no place in the declared order.", FolderGraph.AgainstOrder(PlantedFolders, ["One"]));

    [Fact]
    public void A_circle_of_three_is_found_once_and_a_line_is_none()
    {
        FolderArrow[] line = [new("A", "B", ["a -> b"]), new("B", "C", ["b -> c"]), new("A", "C", ["a -> c"])];

        Assert.Empty(FolderGraph.Cycles(line));
        Assert.Equal(["B", "C", "A"], Assert.Single(FolderGraph.Cycles([.. line[..2], new("C", "A", ["c -> a"])])).Select(a => a.To));
    }

    private static FolderArrow[] Inside(string room) => [.. House.Where(a => IsIn(a.From, room) && IsIn(a.To, room))];

    private static bool IsHostingOrRoot(string folder) => IsIn(folder, "Hosting") || folder == FolderGraph.RootFolder;

    private static bool IsIn(string folder, string room) => folder == room || folder.StartsWith($"{room}.", StringComparison.Ordinal);

    private static void HasNoCycle(IReadOnlyList<FolderArrow> arrows)
    {
        var cycles = FolderGraph.Cycles(arrows);
        Assert.True(cycles.Count == 0, string.Join('\n', cycles.Select(c => $"Circle:\n  {string.Join("\n  ", c)}")));
    }
}
