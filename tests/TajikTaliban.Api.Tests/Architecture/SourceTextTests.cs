using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Tests.Architecture;

/// <summary>What may be written in which room: SQL in the storage, the name of a resource where it is declared.</summary>
public sealed class SourceTextTests
{
    private const string Source = "src/TajikTaliban.Api";

    /// <summary>The width that <c>.editorconfig</c> declares as <c>max_line_length</c>.</summary>
    private const int MaxLineLength = 140;

    /// <summary>The one file that declares the names of the tables; mappings, lists and references take them from there.</summary>
    private const string TableNames = $"{Source}/Storage/Model/Tables.cs";

    private static readonly IReadOnlyDictionary<string, string> Files = Repository.CodeBelow(Source);

    [Fact]
    public void Sql_stands_in_the_storage_alone() =>
        IsEmpty(Files.Where(f => !IsBelow(f.Key, "Storage")).SelectMany(f => SourceText.Sql(f.Key, f.Value)));

    [Fact]
    public void Shared_code_names_no_resource()
    {
        var names = ResourceNames();
        Assert.True(Files.ContainsKey(TableNames));
        var shared = Files.Where(f => IsBelow(f.Key, "Platform") || IsBelow(f.Key, "Hosting") || (IsBelow(f.Key, "Storage")
            && f.Key != TableNames && !IsBelow(f.Key, "Storage/Migrations") && !IsBelow(f.Key, "Storage/Sql")));

        IsEmpty(shared.SelectMany(f => SourceText.ResourceNames(f.Key, f.Value, names)));
    }

    [Fact]
    public void Lines_are_within_the_declared_width()
    {
        var declared = File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig"));
        Assert.Contains($"max_line_length = {MaxLineLength}\n", declared, StringComparison.Ordinal);

        IsEmpty(Files.Where(f => !IsBelow(f.Key, "Storage/Migrations"))
            .Concat(new[] { "src/TajikTaliban.Client", "src/TajikTaliban.Client.Generator", "tests" }.SelectMany(Repository.CodeBelow))
            .SelectMany(f => LongLines(f.Key, f.Value)));
    }

    [Theory]
    [InlineData("var sql = \"select id from actors\";")]
    [InlineData("var sql = $\"select {columns} from {table} r\";")]
    [InlineData("var sql = \"select \" + columns + \" from \" + table;")]
    [InlineData("var sql = \"\"\"\n    with ids as (\n      select 1)\n    select *\n    from ids\n    \"\"\";")]
    [InlineData("var sql = $\"\"\"\n    insert into {table} (id) values ($1)\n    \"\"\";")]
    [InlineData("var sql = \"update webhooks set active = false\";")]
    [InlineData("var sql = $\"update {table} w set active = false\";")]
    [InlineData("var sql = @\"delete from \" + table;")]
    [InlineData("var sql = $\"{column} = any({values})\";")]
    [InlineData("Sort(\"r.id\");")]
    [InlineData("Sort($\"r.{column} = 1\");")]
    [InlineData("Column(\"coalesce(r.latest, 'infinity')\");")]
    [InlineData("Facet(\"lateral unnest(r.sectors) s\");")]
    [InlineData("Facet($\"{(all ? \"select id from actors\" : \"\")}\");")]
    [InlineData("Json(\"r.document->>'type'\");")]
    [InlineData("var type = NpgsqlDbType.Text;")]
    [InlineData("await using var command = new NpgsqlCommand(text, connection);")]
    [InlineData("await using var command = database.CreateCommand(text);")]
    public void Planted_sql_is_found(string code) => Assert.NotEmpty(SourceText.Sql("Planted.cs", code));

    [Theory]
    [InlineData("Summary(\"Select the fields that the response gives.\");")]
    [InlineData("Summary(\"Returns the events from this date on.\");")]
    [InlineData("Summary(\"Update a record, or delete it.\");")]
    [InlineData("Summary(\"Deletes from the list whatever was set.\");")]
    [InlineData("Route(\"/v1/actors/{id}\");")]
    [InlineData("Field(\"participants.actor\");")]
    [InlineData("Host(\"www.example.org\");")]
    [InlineData("Note(\"e.g. a date\");")]
    [InlineData("var file = $\"{name}.json\";")]
    [InlineData("Summary(\"Follow `next` until it is null; records come in order by date.\");")]
    [InlineData("Detail($\"'{name}' is not a resource; did you mean '{near}'?\");")]
    [InlineData("// select id from actors")]
    [InlineData("var selected = from r in records where r.Id == id select r;")]
    public void Harmless_text_is_not_taken_for_sql(string code) => Assert.Empty(SourceText.Sql("Planted.cs", code));

    [Theory]
    [InlineData("if (resource.Table == \"actors\") return;")]
    [InlineData("if (resource.Name is \"events\") return;")]
    [InlineData("switch (name) { case \"trade\": break; }")]
    [InlineData("var target = name switch { \"sources\" => 1, _ => 2 };")]
    [InlineData("var path = (name, field) switch { (\"relations\", \"actor\") => 1, _ => 2 };")]
    [InlineData("var d = new Dictionary<string, int> { [\"indicators\"] = 1 };")]
    [InlineData("var tagged = route.Contains(\"observations\", StringComparison.Ordinal);")]
    [InlineData("var table = \"\"\"trade_flows\"\"\";")]
    public void A_planted_resource_name_is_found(string code) =>
        Assert.NotEmpty(SourceText.ResourceNames("Planted.cs", code, ResourceNames()));

    [Theory]
    [InlineData("Summary(\"Lists the events.\");")]
    [InlineData("Field(\"actor\");")]
    [InlineData("// actors")]
    [InlineData("var events = resource.Events;")]
    public void Harmless_text_is_not_taken_for_a_resource_name(string code) =>
        Assert.Empty(SourceText.ResourceNames("Planted.cs", code, ResourceNames()));

    [Fact]
    public void A_planted_long_line_is_found()
    {
        var finding = Assert.Single(LongLines("Planted.cs", $"{new string('x', MaxLineLength)}\n{new string('x', MaxLineLength + 1)}\r\n"));

        Assert.Equal("Planted.cs:2: 141 characters", finding.ToString());
    }

    /// <summary>A check over files that it cannot find would always hold.</summary>
    [Theory]
    [InlineData("Platform")]
    [InlineData("Features")]
    [InlineData("Hosting")]
    [InlineData("Storage")]
    public void The_files_of_a_room_are_there(string room) => Assert.True(Files.Keys.Count(f => IsBelow(f, room)) > 10);

    private static HashSet<string> ResourceNames()
    {
        using var nowhere = NpgsqlDataSource.Create("Host=none");
        var app = Service.Build(Service.CreateBuilder(), nowhere);
        HashSet<string> names = [.. app.Services.GetRequiredService<ResourceCatalogue>().All.SelectMany(r => new[] { r.Name, r.Table })];
        Assert.Superset(new HashSet<string> { "actors", "trade", "trade_flows" }, names);
        return names;
    }

    private static IEnumerable<Finding> LongLines(string path, string code) => code.ReplaceLineEndings("\n").Split('\n')
        .Select((text, i) => (text, Line: i + 1)).Where(l => l.text.Length > MaxLineLength)
        .Select(l => new Finding(path, l.Line, $"{l.text.Length} characters"));

    private static bool IsBelow(string path, string folder) => path.StartsWith($"{Source}/{folder}/", StringComparison.Ordinal);

    private static void IsEmpty(IEnumerable<Finding> findings)
    {
        var found = findings.ToList();
        Assert.True(found.Count == 0, $"{found.Count}:\n{string.Join('\n', found)}");
    }
}
