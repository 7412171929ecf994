using System.Text.RegularExpressions;
using ArchUnitNET.Fluent;
using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace TajikTaliban.Api.Tests.Architecture;

/// <summary>Which room of the house may use which.</summary>
public sealed class LayeringTests
{
    private const string Root = "TajikTaliban.Api";
    private static readonly System.Reflection.Assembly Program = typeof(Service).Assembly;
    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader().LoadAssemblies(Program).Build();

    private static readonly string[] Features =
    [
        .. Program.GetTypes().Select(t => t.Namespace).OfType<string>()
            .Where(n => n.StartsWith($"{Root}.Features.", StringComparison.Ordinal))
            .Select(n => n[Root.Length..].Split('.')[2]).Distinct().Order(),
    ];

    [Fact]
    public void Domain_uses_no_other_room() => Holds(NoArrow("Domain", "Storage", "Platform", "Features", "Hosting"));

    [Fact]
    public void Storage_uses_the_domain_alone() => Holds(NoArrow("Storage", "Platform", "Features", "Hosting"));

    [Fact]
    public void Platform_uses_domain_and_storage_alone() => Holds(NoArrow("Platform", "Features", "Hosting"));

    [Fact]
    public void Features_do_not_use_the_hosting() => Holds(NoArrow("Features", "Hosting"));

    [Fact]
    public void No_feature_uses_another()
    {
        Assert.Equal(
            ["Actors", "Audit", "Batch", "Changes", "CodeLists", "Corrections", "Events", "Indicators", "Keys", "Redactions",
                "Relations", "Releases", "Reports", "Search", "Sources", "Trade", "Webhooks"],
            Features);
        foreach (var feature in Features)
            Holds(NoArrow($"Features.{feature}", [.. Features.Where(f => f != feature).Select(f => $"Features.{f}")]));
    }

    [Fact]
    public void Only_the_hosting_uses_the_program_itself()
    {
        foreach (var room in new[] { "Domain", "Storage", "Platform", "Features" })
            Holds(Types().That().Are(Room(room)).Should().NotDependOnAny(Types().That().ResideInNamespace(Root)));
    }

    [Fact]
    public void Every_type_is_in_a_room()
    {
        string[] rooms = ["Domain", "Storage", "Platform", "Features", "Hosting"];
        var elsewhere = Program.GetTypes()
            .Where(t => t.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true && !Array.Exists(rooms, r => IsIn(t.Namespace, r)))
            .Select(t => t.DeclaringType ?? t).Select(t => t.Name).Distinct().Order();

        Assert.Equal(["Program", "Service"], elsewhere);
    }

    /// <summary>A rule over an arrow that it cannot see would always hold: these are there, and rules against them fail.</summary>
    [Theory]
    [InlineData("Features.Actors", "Platform")]
    [InlineData("Features.Actors", "Storage")]
    [InlineData("Features.Trade", "Domain")]
    [InlineData("Platform", "Storage")]
    [InlineData("Platform", "Domain")]
    [InlineData("Storage", "Domain")]
    [InlineData("Hosting", "Platform")]
    public void An_existing_dependency_is_seen(string from, string to)
    {
        Assert.Contains(Room(from).GetObjects(House), t => t.Dependencies.Any(d => IsIn(d.Target.Namespace.FullName, to)));
        Assert.False(NoArrow(from, to).HasNoViolations(House));
    }

    /// <summary>Some arrows are only in the body of an async method, which the compiler moves into a type of its own.</summary>
    [Fact]
    public void A_dependency_inside_an_async_method_is_seen()
    {
        var handler = Types().That().HaveFullName($"{Root}.Platform.Resources.GetRecord");

        Assert.False(Types().That().Are(handler).Should()
            .NotDependOnAny(Types().That().HaveFullName($"{Root}.Platform.Querying.Projection"))
            .HasNoViolations(House));
    }

    private static GivenTypesConjunction Room(string room) =>
        Types().That().ResideInNamespaceMatching($"^{Regex.Escape($"{Root}.{room}")}($|\\.)");

    private static IArchRule NoArrow(string from, params string[] to) =>
        to.Select(t => (IArchRule)Types().That().Are(Room(from)).Should().NotDependOnAny(Room(t)))
        .Aggregate((a, b) => a.And(b));

    private static void Holds(IArchRule rule) =>
        Assert.True(rule.HasNoViolations(House), string.Join('\n', rule.Evaluate(House).Where(e => !e.Passed).Select(e => e.Description)));

    private static bool IsIn(string? name, string room) =>
        name is not null && (name == $"{Root}.{room}" || name.StartsWith($"{Root}.{room}.", StringComparison.Ordinal));
}
