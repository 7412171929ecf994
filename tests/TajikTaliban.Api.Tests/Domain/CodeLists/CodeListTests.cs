using System.Text.RegularExpressions;
using TajikTaliban.Api.Domain.CodeLists;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Tests.Domain.CodeLists;

/// <summary>What holds for every code list, and that each has the codes of the vocabulary.</summary>
public sealed class CodeListTests
{
    public static TheoryData<string> Names => [.. Lists.All.Select(list => list.Name)];

    [Fact]
    public void Every_member_is_in_All_once_and_is_found_by_its_name()
    {
        var members = typeof(Lists).GetFields().Select(field => field.GetValue(null)).OfType<CodeList>();

        Assert.Equal(members.Select(list => list.Name).Order(), Lists.All.Select(list => list.Name).Order());
        Assert.All(Lists.All, list => Assert.Same(list, Lists.FindOrNull(list.Name)));
        Assert.Equal(Lists.All.Count, Lists.All.Select(list => list.Name).Distinct().Count());
        Assert.Null(Lists.FindOrNull("no-such-list"));
        Assert.Null(Lists.FindOrNull("Actor-Types"));
        Assert.Null(Lists.FindOrNull(null));
    }

    [Fact]
    public void Every_embedded_document_is_a_list()
    {
        var prefix = typeof(Lists).Namespace + ".";
        var embedded = typeof(Lists).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal));

        Assert.Equal(embedded.Select(name => name[prefix.Length..^".json".Length]).Order(), Lists.All.Select(list => list.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_list_says_what_it_is_and_where_it_comes_from(string name)
    {
        var list = Lists.FindOrNull(name)!;

        Assert.Matches("^[a-z]+(-[a-z]+)*$", list.Name);
        Assert.All([list.Title, list.Description, list.SourceName], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.EndsWith(".", list.Description, StringComparison.Ordinal);
        if (list.SourceUrl is not null) Assert.Equal("https", new Uri(list.SourceUrl).Scheme);
        if (list.SourceName != "This service") return;
        Assert.Contains("this service's own", list.Description, StringComparison.Ordinal);
        Assert.Null(list.SourceUrl);
        Assert.Null(list.Licence);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Codes_are_unique_labelled_and_trimmed(string name)
    {
        var list = Lists.FindOrNull(name)!;

        Assert.NotEmpty(list.Codes);
        Assert.Equal(list.Codes.Count, list.Codes.Select(code => code.Value).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(list.Codes.Select(code => code.Value), list.Values);
        Assert.All(list.Codes, code =>
        {
            Assert.Matches("^[A-Za-z0-9-]+$", code.Value);
            Assert.False(string.IsNullOrWhiteSpace(code.Label));
            Assert.Equal(code.Label.Trim(), code.Label);
            if (code.Definition is not null) Assert.EndsWith(".", code.Definition, StringComparison.Ordinal);
            Assert.All(code.Mappings, mapping => Assert.False(string.IsNullOrWhiteSpace(mapping.Value)));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Codes_without_a_definition_are_only_in_lists_whose_labels_say_all(string name)
    {
        var undefined = Lists.FindOrNull(name)!.Codes.Count(code => code.Definition is null);

        Assert.True(undefined == 0 || name is "cameo" or "currencies");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parents_exist_and_come_before_their_children(string name)
    {
        var list = Lists.FindOrNull(name)!;
        var seen = new HashSet<string>();

        Assert.All(list.Codes, code =>
        {
            Assert.True(code.Parent is null || seen.Contains(code.Parent));
            seen.Add(code.Value);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_mapping_is_explained_in_the_description(string name)
    {
        var list = Lists.FindOrNull(name)!;

        Assert.All(
            list.Codes.SelectMany(code => code.Mappings.Keys).Distinct(),
            key => Assert.Matches($@"\b{Regex.Escape(key)}\b", list.Description));
    }

    [Fact]
    public void Codes_are_found_by_their_exact_value()
    {
        Assert.True(Lists.EventTypes.Contains("CONSULT"));
        Assert.False(Lists.EventTypes.Contains("consult"));
        Assert.False(Lists.EventTypes.Contains(null));
        Assert.Equal("Armed group", Lists.ActorTypes.LabelOf("armed-group"));
        Assert.Null(Lists.ActorTypes.LabelOf("nothing"));
        Assert.Null(Lists.ActorTypes.FindOrNull(null));
        Assert.Equal("1", Lists.EventTypes.FindOrNull("CONSULT")!.MappingOrNull("quadClass"));
        Assert.Null(Lists.EventTypes.FindOrNull("CONSULT")!.MappingOrNull("nothing"));
        Assert.Empty(Lists.Stances.FindOrNull("wary")!.Mappings);
    }

    [Fact]
    public void A_list_with_a_code_twice_or_an_unknown_parent_cannot_be_made()
    {
        static Code Code(string value, string? parent = null) => new(value, value, null, parent, new Dictionary<string, string>());
        static CodeList List(params Code[] codes) => new("a-list", "A list", "A list.", "A test", null, null, codes);

        Assert.Equal(["a", "b"], List(Code("a"), Code("b", "a")).Values);
        Assert.Throws<ArgumentException>(() => List(Code("a"), Code("a")));
        Assert.Throws<ArgumentException>(() => List(Code("a"), Code("b", "c")));
    }

    /// <summary>The vocabulary, word for word: a code that is added, lost or renamed shows here.</summary>
    [Theory]
    [InlineData("actor-types", "state government armed-group organization igo public-body military person ethnic-group media region")]
    [InlineData("sectors", "GOV MIL REB SPY COP JUD LEG PTY UAF UNK CVL BUS MED REF OPP JRN LAB EDU ELI CRM AGR SOC REL PRE PRM "
        + "IGO NGO IMG NGM MNC ISM")]
    [InlineData("actor-statuses", "armed-movement de-facto-government recognised-government banned-organisation dissolved-state "
        + "office-holder active inactive")]
    [InlineData("name-kinds", "native alias acronym former transliteration")]
    [InlineData("identifier-schemes", "iso2 iso3 isonum m49 cow gw fips wikidata ucdp-actor cameo-actor lei other")]
    [InlineData("relation-types", "sponsorship hostility tension conflict cooperation alliance aid border membership recruits-from "
        + "part-of leads succession diplomatic-contact recognition ban shelters supports perception operates-in involvement agreement "
        + "project")]
    [InlineData("stances", "hostile wary neutral rational cooperative allied")]
    [InlineData("event-types", "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN "
        + "PROTEST SANCTION MOBILIZE COERCE ASSAULT")]
    [InlineData("quad-classes", "1 2 3 4")]
    [InlineData("event-statuses", "planned reported occurred ongoing denied cancelled")]
    [InlineData("participant-roles", "source target host mediator participant location")]
    [InlineData("place-precisions", "1 2 3 4 5 6 7")]
    [InlineData("date-precisions", "1 2 3 4 5 day month year interval")]
    [InlineData("violence-types", "1 2 3")]
    [InlineData("flows", "M X RM RX DX FM MIP XIP XOP MOP MIF XIF T")]
    [InlineData("frequencies", "A S Q M")]
    [InlineData("commodity-classifications", "HS H0 H1 H2 H3 H4 H5 H6 SS S1 S2 S3 S4 BEC B4 B5 EB EB02 EB10 EB10S")]
    [InlineData("valuations", "CIF FOB")]
    [InlineData("trade-types", "C S")]
    [InlineData("obs-statuses", "A B E F I M P")]
    [InlineData("certainties", "stated reported claimed assessed derived disputed")]
    [InlineData("source-kinds", "article dataset standard report statement law website book other")]
    [InlineData("change-causes", "new-fact source-revised our-error merge source-withdrawn")]
    public void A_list_has_the_codes_of_the_vocabulary(string name, string codes) =>
        Assert.Equal(codes.Split(' '), Lists.FindOrNull(name)!.Values);

    [Theory]
    [InlineData("1", "AGREE CONSULT SUPPORT CONCEDE")]
    [InlineData("2", "COOPERATE AID RETREAT")]
    [InlineData("3", "REQUEST ACCUSE REJECT THREATEN")]
    [InlineData("4", "PROTEST SANCTION MOBILIZE COERCE ASSAULT")]
    public void A_quad_class_has_the_event_types_of_PLOVER(string quadClass, string types)
    {
        var ofClass = Lists.EventTypes.Codes.Where(type => type.Mappings["quadClass"] == quadClass).Select(type => type.Value);

        Assert.Equal(types.Split(' '), ofClass);
        Assert.Equal(types.Replace(" ", ", ", StringComparison.Ordinal) + ".", Lists.QuadClasses.FindOrNull(quadClass)!.Definition);
    }

    [Fact]
    public void Relations_are_directed_or_symmetric()
    {
        var symmetric = Lists.RelationTypes.Codes.Where(type => type.Mappings["directed"] == "false").Select(type => type.Value);

        Assert.Equal(["tension", "conflict", "cooperation", "alliance", "border", "diplomatic-contact", "agreement", "project"], symmetric);
        Assert.All(Lists.RelationTypes.Codes, type => Assert.Contains(type.Mappings["directed"], (string[])["true", "false"]));
    }

    [Fact]
    public void Relations_open_and_close_by_known_CAMEO_codes()
    {
        var codes = Lists.RelationTypes.Codes
            .SelectMany(type => new[] { type.MappingOrNull("cameoOpens"), type.MappingOrNull("cameoCloses") })
            .OfType<string>()
            .SelectMany(list => list.Split(','))
            .ToList();

        Assert.NotEmpty(codes);
        Assert.All(codes, code => Assert.True(Lists.Cameo.Contains(code), code));
        Assert.Equal("054", Lists.RelationTypes.FindOrNull("recognition")!.Mappings["cameoOpens"]);
    }

    [Fact]
    public void FollowTheMoney_schemata_are_ones_that_exist()
    {
        string[] schemata =
        [
            "Person", "Organization", "PublicBody", "LegalEntity", "UnknownLink", "Membership", "Directorship", "Succession", "Sanction",
            "ProjectParticipant",
        ];

        Assert.All(
            Lists.ActorTypes.Codes.Concat(Lists.RelationTypes.Codes).Select(code => code.MappingOrNull("followTheMoney")).OfType<string>(),
            schema => Assert.Contains(schema, schemata));
        Assert.All(Lists.RelationTypes.Codes, type => Assert.NotNull(type.MappingOrNull("followTheMoney")));
    }

    [Theory]
    [InlineData("iso2", "TJ", "TJK")]
    [InlineData("iso3", "TJK", "tjk")]
    [InlineData("isonum", "004", "4")]
    [InlineData("m49", "762", "TJK")]
    [InlineData("cow", "702", "TAJ")]
    [InlineData("gw", "700", "0700")]
    [InlineData("fips", "TI", "TI1")]
    [InlineData("wikidata", "Q863", "863")]
    [InlineData("ucdp-actor", "303", "x303")]
    [InlineData("cameo-actor", "AFGREBTAL", "AFGR")]
    [InlineData("lei", "5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R1")]
    public void An_identifier_scheme_has_a_pattern(string scheme, string fits, string doesNotFit)
    {
        var pattern = Lists.IdentifierSchemes.FindOrNull(scheme)!.Mappings["pattern"];

        Assert.Matches(pattern, fits);
        Assert.DoesNotMatch(pattern, doesNotFit);
    }

    [Fact]
    public void A_flow_that_is_a_sum_names_known_flows()
    {
        Assert.Equal("M,X", Lists.Flows.FindOrNull("T")!.Mappings["includes"]);
        Assert.Equal(["M", "X", "T"], Lists.Flows.Codes.Where(flow => flow.Parent is null).Select(flow => flow.Value));
    }
}
