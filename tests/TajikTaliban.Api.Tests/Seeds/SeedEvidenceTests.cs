using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static TajikTaliban.Api.Tests.Seeds.SeedRecords;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The seeds say no more than their sources: each date, role, type, stance and certainty is one that the source gives.</summary>
public sealed partial class SeedEvidenceTests
{
    private static readonly string[] Aids =
    [
        "china-aid-tajikistan", "csto-aid-tajikistan", "european-union-aid-tajikistan", "india-aid-tajikistan", "iran-aid-tajikistan",
        "united-nations-aid-tajikistan", "united-states-aid-tajikistan",
    ];

    [Fact]
    public void A_locator_names_paragraphs_of_the_article_or_rows_of_a_table()
    {
        foreach (var (_, record) in All)
        {
            foreach (var (_, citation) in Citations(record))
            {
                var (source, locator) = (citation.Text("source")!, citation.Text("locator")!);
                Assert.Contains(Of("sources"), s => s.Text("id") == source);
                if (source != Article)
                {
                    Assert.Matches(Rows(), locator);
                    continue;
                }

                var match = Paragraphs().Match(locator);
                Assert.True(match.Success, $"{record["id"]}: {locator}");
                var numbers = match.Groups[2].Captures.Select(n => int.Parse(n.Value, null)).ToList();
                Assert.All(numbers, n => Assert.InRange(n, 0, 12));
                Assert.Equal(numbers.Distinct().Order(), numbers);
                Assert.Equal(numbers.Count == 1 ? "paragraph" : "paragraphs", match.Groups[1].Value);
            }
        }
    }

    [Fact]
    public void Only_the_article_is_cited_for_facts_and_tables_only_for_codes_names_and_the_list_of_countries()
    {
        foreach (var (resource, record) in All)
        {
            foreach (var (_, citation) in Citations(record).Where(c => c.Citation.Text("source") != Article))
            {
                Assert.True(resource == "observations"
                    ? record.Text("id") == "number-of-countries-central-asia"
                    : Supports(citation) is [_, ..] parts && parts.All(p => Tabled().IsMatch(p)),
                    $"{record["id"]}: {citation.ToJsonString()}");
            }
        }
    }

    [Fact]
    public void A_citation_supports_parts_that_are_there()
    {
        foreach (var (_, record) in All)
        {
            foreach (var (part, citation) in Citations(record))
            {
                foreach (var pointer in Supports(citation))
                {
                    var member = pointer[1..].Split('/');
                    Assert.True(part.ContainsKey(member[0]), $"{record["id"]}: {pointer}");
                    if (member.Length == 2)
                    {
                        Assert.Equal("participants", member[0]);
                        Assert.Contains(member[1], Participants(part));
                    }
                }
            }
        }
    }

    [Fact]
    public void Each_certainty_is_used_as_it_is_defined()
    {
        foreach (var (resource, record) in All)
        {
            var citations = Citations(record).ToList();
            foreach (var (part, citation) in citations)
            {
                var where = $"{record["id"]}: {citation.ToJsonString()}";
                var note = citation.Text("note");
                Assert.True(Lists.Certainties.Contains(citation.Text("certainty")), where);
                Assert.DoesNotContain("assessment", note ?? "", StringComparison.OrdinalIgnoreCase);
                switch (citation.Text("certainty"))
                {
                    case "derived":
                        Assert.True(Supports(citation) is [_, ..] && note is not null, where);
                        break;
                    case "claimed":
                        // the claims that the article passes on are the Taliban's
                        Assert.Equal("taliban", citation.Text("claimant"));
                        break;
                    case "reported":
                        // the reports that it passes on are of Afghan and other media
                        Assert.True(citation.Text("locator") is "paragraph 9" or "paragraph 10", where);
                        break;
                    default:
                        Assert.Null(citation["claimant"]);
                        break;
                }

                // a judgement of the author is never given as a fact: "in the author's view" has a citation that says so
                if (part.Text("summary") is { } summary && Author().IsMatch(summary))
                {
                    Assert.Contains(citations, c => c.Citation.Text("certainty") == "assessed");
                }
            }

            // a fact is not worked out: some citation gives it
            if (resource != "sources")
                Assert.Contains(citations, c => c.Citation.Text("certainty") != "derived");
        }
    }

    [Fact]
    public void A_date_that_was_worked_out_has_a_citation_that_says_how()
    {
        foreach (var (_, record) in All)
        {
            foreach (var part in (JsonObject[])[record, .. Objects(record["statuses"])])
            {
                foreach (var member in (string[])["from", "to", "date"])
                {
                    // the article itself gives the years 1996 and 2004 alone; what has no end by nature is dated by nothing
                    if (part.Text(member) is { } date && date is not ("1996" or "2004" or ".."))
                    {
                        Assert.True(Objects(part["citations"])
                            .Any(c => c.Text("certainty") == "derived" && Supports(c).Contains($"/{member}")),
                            $"{record["id"]}: {member} {date}");
                    }
                }
            }
        }

        // the year of the half-year figure is in the article
        Assert.Equal("2024-S1", Assert.Single(Of("trade")).Text("period"));
    }

    [Fact]
    public void Dates_are_those_that_the_article_gives_or_lets_one_work_out() =>
        Assert.Equal(
            [
                "..", "/1996", "/2004", "/2024-08-31", ByWriting, "1996", "1996/2021~", "2004", "2021~", SinceReturn,
                "2024-08-16/2024-08-31",
                Written, "2024-09~/",
            ],
            All.SelectMany(r => (JsonObject[])[r.Record, .. Objects(r.Record["statuses"])])
                .SelectMany(p => new[] { p.Text("from"), p.Text("to"), p.Text("date") }).OfType<string>().Distinct()
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Only_what_followed_a_state_that_is_gone_has_no_end_by_nature()
    {
        Assert.Equal(
            ["kazakhstan", "kyrgyzstan", "tajikistan", "turkmenistan", "uzbekistan"],
            Of("relations").Where(r => r.Text("to") == ".." || r.Text("from") == "..").Select(r => r.Text("subject")));
        Assert.All(Of("relations").Where(r => r.Text("to") == ".."), r => Assert.Equal("succession", r.Text("type")));
        var dissolved = Assert.Single(Of("actors").SelectMany(a => Objects(a["statuses"])), s => s.Text("to") == "..");
        Assert.Equal(("dissolved-state", "/1996"), (dissolved.Text("status"), dissolved.Text("from")));
    }

    [Fact]
    public void Help_that_was_given_is_over_by_the_time_of_writing_and_has_no_beginning()
    {
        Assert.Equal(Aids, Of("relations").Where(r => r.Text("type") == "aid").Select(r => r.Text("id")));
        Assert.All(Aids, id => AssertDates(Relation(id), null, ByWriting));
        Assert.Equal(ByWriting, Event("border-assistance-to-tajikistan").Text("date"));
    }

    [Fact]
    public void A_statement_about_one_time_says_nothing_of_later_times()
    {
        // no end is known, and no citation vouches for the time of writing
        foreach (var (id, time) in new Dictionary<string, string>
        {
            ["tajikistan-perception-taliban-after-1996"] = "1996",
            ["tajikistan-perception-taliban-second-victory"] = "2021~",
            ["tajikistan-perception-taliban-since-second-victory"] = "2021~",
            ["afghan-tajiks-perception-taliban"] = "2021~",
            ["tajikistan-shelters-anti-taliban-political-forces"] = SinceReturn,
            ["tajikistan-military-operates-in-tajikistan"] = "2004",
        })
        {
            AssertDates(Relation(id), time, null);
            Assert.All(Citations(Relation(id)), c => Assert.Equal(time, c.Citation.Text("vouchedFor")));
        }

        Assert.All(Citations(Relation("russian-military-advisers-in-tajikistan-operates-in-tajikistan")),
            c => Assert.Equal("2004", c.Citation.Text("vouchedFor")));
        Assert.All(Citations(Relation("tajikistan-cooperation-afghanistan")),
            c => Assert.Equal("2024-01/2024-06", c.Citation.Text("vouchedFor")));
    }

    [Fact]
    public void What_was_so_before_the_writing_at_an_unknown_time_does_not_begin_with_the_writing()
    {
        foreach (var id in (string[])["ansarullah-conflict-tajikistan", "afghanistan-shelters-central-asians-in-afghanistan",
            "afghanistan-shelters-international-groups-in-afghanistan"])
        {
            AssertDates(Relation(id), null, null);
            Assert.All(Citations(Relation(id)), c => Assert.Equal(ByWriting, c.Citation.Text("vouchedFor")));
        }

        Assert.Equal(ByWriting, Event("ansarullah-attacks-on-tajik-border").Text("date"));
    }

    [Fact]
    public void Nobody_takes_office_at_the_time_of_writing()
    {
        foreach (var id in (string[])["emomali-rahmon-leads-tajikistan",
            "saimumin-yatimov-leads-state-committee-for-national-security-tajikistan"])
        {
            AssertDates(Relation(id), null, null);
            Assert.All(Citations(Relation(id)), c => Assert.Null(c.Citation["vouchedFor"]));
        }

        Assert.All(Of("actors").SelectMany(a => Objects(a["statuses"])).Where(s => s.Text("status") == "office-holder"),
            s => AssertDates(s, null, null));
        Assert.DoesNotContain(Of("relations"), r => r.Text("from") is Written);
    }

    [Fact]
    public void A_ban_that_was_lifted_has_no_beginning_and_ended_between_the_return_and_the_writing()
    {
        foreach (var country in (string[])["kazakhstan", "kyrgyzstan"])
        {
            AssertDates(Relation($"{country}-ban-taliban"), null, SinceReturn);
            AssertDates(Assert.Single(Objects(Actor("taliban")["statuses"]), s => s.Text("by") == country), null, SinceReturn);
            Assert.Equal(SinceReturn, Event($"{country}-delists-taliban").Text("date"));
        }
    }

    [Fact]
    public void Sponsorship_begins_only_where_the_article_lets_one_say_by_when()
    {
        AssertDates(Relation("pakistan-sponsorship-taliban"), "/1996", SinceReturn);
        AssertDates(Relation("pakistan-military-sponsorship-taliban"), null, SinceReturn);
        AssertDates(Relation("pakistan-military-sponsorship-haqqani-network"), null, ByWriting);
        AssertDates(Relation("pakistan-military-sponsorship-other-groups"), null, ByWriting);
    }

    [Fact]
    public void The_other_groups_that_Pakistans_military_sponsored_are_an_actor()
    {
        Assert.Equal("organization", Actor("other-groups-sponsored-by-pakistan-military").Text("type"));
        Assert.Equal(
            ["haqqani-network", "other-groups-sponsored-by-pakistan-military", "taliban"],
            Of("relations").Where(r => r.Text("subject") == "pakistan-military" && r.Text("type") == "sponsorship")
                .Select(r => r.Text("object")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_end_of_the_Soviet_Union_and_independence_are_events_by_1996_of_no_type()
    {
        var end = Event("soviet-union-collapse");
        var independence = Event("central-asian-independence");

        Assert.Equal(("/1996", "/1996"), (end.Text("date"), independence.Text("date")));
        Assert.Null(end["type"]);
        Assert.Null(independence["type"]);
        Assert.Equal(["soviet-union:target"], Participants(end));
        Assert.Equal(
            ["kazakhstan:target", "kyrgyzstan:target", "tajikistan:target", "turkmenistan:target", "uzbekistan:target"],
            Participants(independence));
        Assert.Contains("USSR", end.Text("title"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("taliban-first-victory-1996", "taliban:source", "afghanistan:location")]
    [InlineData("tajik-border-guards-islamic-state-clashes", "tajikistan-border-guards:participant", "islamic-state:participant")]
    [InlineData("rahmon-instructs-yatimov", "emomali-rahmon:source", "saimumin-yatimov:target")]
    [InlineData("tajikistan-takes-in-anti-taliban-forces", "tajikistan:source", "anti-taliban-political-forces:target")]
    [InlineData("tajik-military-takes-over-border-2004", "tajikistan-military:target")]
    [InlineData("tajikistan-ends-border-agreement-2004", "tajikistan:source", "russia:target")]
    [InlineData("tajik-forces-lose-influence", "afghan-tajik-groups:target")]
    [InlineData("taliban-return-to-power", "taliban:source", "afghanistan:location")]
    [InlineData("tapi-first-branch-construction", "turkmenistan:source")]
    [InlineData("uzbekistan-road-building", "uzbekistan:source")]
    [InlineData("uzbekistan-afghan-oil-agreement", "uzbekistan:source")]
    [InlineData("border-markets-resume", "tajikistan:source")]
    [InlineData("tajikistan-ambassador-to-afghanistan-planned", "tajikistan:source", "afghanistan:target")]
    [InlineData("tajikistan-kabul-talks-2024", "tajikistan:participant", "islamic-emirate-of-afghanistan:participant")]
    [InlineData("taliban-security-assurances", "taliban:source", "international-community:target")]
    [InlineData("yatimov-kabul-visit-2024-08", "saimumin-yatimov:source", "head-of-main-intelligence-directorate-taliban:target",
        "prosecutor-general-taliban:target", "chief-of-general-staff-taliban:target", "afghanistan:location")]
    public void Whoever_only_reacts_is_aimed_at_or_is_named_beside_it_is_no_participant(string id, params string[] participants) =>
        Assert.Equal(participants, Participants(Event(id)));

    [Fact]
    public void An_unnamed_party_is_no_party()
    {
        Assert.DoesNotContain(Of("relations"), r => r.Text("subject") == "uzbekistan" && r.Text("type") is ("agreement" or "project"));
        Assert.Equal("many-governments", Assert.Single(Of("relations"), r => r.Text("type") == "hostility").Text("subject"));
        Assert.DoesNotContain(Of("events"), e => Participants(e)
            .Any(p => p.StartsWith("neighbours-of-afghanistan:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Relations_at_the_level_of_conflict_are_tension_and_conflict_is_fighting()
    {
        Assert.Equal(
            ["taliban-tension-pakistan", "taliban-tension-pakistan-military"],
            Of("relations").Where(r => r.Text("type") == "tension").Select(r => r.Text("id")));
        Assert.Equal(
            ["tajikistan-border-guards-conflict-islamic-state", "ansarullah-conflict-tajikistan",
                "taliban-conflict-armed-groups-on-taliban-territory"],
            Of("relations").Where(r => r.Text("type") == "conflict").Select(r => r.Text("id")));
    }

    [Fact]
    public void Taking_part_in_a_countrys_politics_is_not_acting_on_its_territory()
    {
        Assert.Equal("involvement", Assert.Single(Of("relations"), r => r.Text("id") == "tajikistan-involvement-afghanistan").Text("type"));
        Assert.DoesNotContain(Of("relations"), r => r.Text("type") == "operates-in" && r.Text("subject") == "tajikistan");
    }

    [Fact]
    public void A_handover_of_duty_is_no_mobilisation_and_has_no_type()
    {
        Assert.DoesNotContain(Of("events"), e => e.Text("type") == "MOBILIZE");
        Assert.Null(Event("tajik-military-takes-over-border-2004")["type"]);
    }

    [Fact]
    public void A_people_is_no_member_but_a_group_recruits_from_it()
    {
        var peoples = Of("actors").Where(a => a.Text("type") == "ethnic-group").Select(a => a.Text("id")).ToHashSet();

        Assert.DoesNotContain(Of("relations"), r => r.Text("type") == "membership" && peoples.Contains(r.Text("subject")));
        Assert.Equal(
            ["taliban pashtuns", "ansarullah tajiks"],
            Of("relations").Where(r => r.Text("type") == "recruits-from").Select(r => $"{r["subject"]} {r["object"]}"));
    }

    [Fact]
    public void A_stance_is_one_that_the_article_utters() =>
        Assert.Equal(
            [
                "many-governments-hostility-pakistan-military hostile", "tajikistan-perception-taliban-after-1996 hostile",
                "central-asia-perception-afghanistan wary", "central-asia-cooperation-taliban rational",
            ],
            Of("relations").Where(r => r.ContainsKey("stance")).Select(r => $"{r["id"]} {r["stance"]}"));

    [Fact]
    public void The_talks_on_the_border_their_relation_and_their_cause_are_of_the_same_unknown_time()
    {
        AssertDates(Event("russia-tajikistan-border-talks-resumed"), ByWriting, null);
        AssertDates(Event("tajik-border-guards-islamic-state-clashes"), ByWriting, null);
        AssertDates(Relation("russia-diplomatic-contact-tajikistan"), null, null);
        AssertDates(Relation("tajikistan-border-guards-conflict-islamic-state"), null, null);
    }

    [Fact]
    public void An_event_that_goes_on_has_begun_by_the_writing_and_has_no_date()
    {
        foreach (var going in Of("events"))
        {
            Assert.Equal(going.Text("status") == "ongoing", going.Text("date") is null);
            AssertDates(going, going.Text("status") == "ongoing" ? ByWriting : null, null);
        }
    }

    [Fact]
    public void That_the_Taliban_ceased_to_be_an_armed_movement_is_not_said()
    {
        var status = Assert.Single(Objects(Actor("taliban")["statuses"]), s => s.Text("status") == "armed-movement");
        AssertDates(status, null, null);
        Assert.Equal(["2021~"], Objects(status["citations"]).Select(c => c.Text("vouchedFor")));
    }

    [Fact]
    public void Two_actors_have_one_border() =>
        Assert.Equal(["tajikistan-border-afghanistan"], Of("relations").Where(r => r.Text("type") == "border").Select(r => r.Text("id")));

    [Fact]
    public void No_two_relations_say_the_same()
    {
        // views may change, and one actor have several
        var relations = Of("relations").Where(r => r.Text("type") != "perception")
            .Select(r => $"{r["type"]} {string.Join(' ', new[] { r.Text("subject"), r.Text("object") }.Order(StringComparer.Ordinal))}")
            .ToList();

        Assert.Equal(relations.Distinct(), relations);
    }

    [Fact]
    public void A_CAMEO_code_is_of_the_type_of_its_event()
    {
        foreach (var e in Of("events").Where(e => e.ContainsKey("cameo")))
            Assert.True(Lists.Cameo.FindOrNull(e.Text("cameo"))!.MappingOrNull("plover") == e.Text("type"), $"{e["id"]}");
        Assert.Equal("075", Event("tajikistan-takes-in-anti-taliban-forces").Text("cameo"));
        Assert.Equal("081", Event("kazakhstan-delists-taliban").Text("cameo"));
    }

    [Fact]
    public void A_status_of_an_event_is_what_the_citation_of_the_fact_tells()
    {
        foreach (var e in Of("events"))
        {
            var reported = Citations(e).First().Citation.Text("certainty") == "reported";
            Assert.True(reported == e.Text("status") is "reported" or "planned", $"{e["id"]}");
        }
    }

    [Fact]
    public void A_name_takes_no_side()
    {
        string[] partisan = ["terror", "radical", "illegal", "dissident", "extremis", "militant", "oppositionist", "regime"];
        foreach (var actor in Of("actors"))
        {
            var names = (string[])[actor.Text("id")!, actor.Text("name")!, .. Objects(actor["names"]).Select(n => n.Text("text")!)];
            Assert.DoesNotContain(names, n => partisan.Any(p => n.Contains(p, StringComparison.OrdinalIgnoreCase)));
        }
    }

    [Fact]
    public void The_capital_is_cited_to_the_paragraph_that_names_it() =>
        Assert.Contains(Citations(Actor("afghanistan")),
            c => c.Citation.Text("source") == Article && Numbers().Matches(c.Citation.Text("locator")!).Any(n => n.Value == "3"));

    [Fact]
    public void Numbers_of_states_cite_a_table_with_an_address()
    {
        Assert.DoesNotContain(Of("sources"), s => s.Text("id") == "service-vocabulary");
        foreach (var actor in Of("actors").Where(a => Objects(a["identifiers"]).Any(i => i.Text("scheme") is "cow" or "gw")))
        {
            var citation = Assert.Single(Citations(actor), c => c.Citation.Text("source") == "countrycode-dictionary").Citation;
            Assert.Equal(["/identifiers"], Supports(citation));
            var iso = Objects(actor["identifiers"]).Single(i => i.Text("scheme") == "iso3").Text("value");
            Assert.Equal($"row {iso}", citation.Text("locator"));
        }

        Assert.NotNull(Assert.Single(Of("sources"), s => s.Text("id") == "countrycode-dictionary")["url"]);
    }

    [Fact]
    public void Names_in_Tajik_Dari_and_Pashto_cite_the_table_that_gives_them()
    {
        foreach (var actor in Of("actors"))
        {
            var languages = Objects(actor["names"]).Select(n => n.Text("lang")).Where(l => l is "tg" or "fa-AF" or "ps").ToList();
            var cited = Citations(actor)
                .Any(c => c.Citation.Text("source") == "unicode-cldr-47" && Supports(c.Citation).Contains("/names"));
            Assert.Equal(languages.Count > 0, cited);
            if (cited)
                Assert.Equal(["tg", "fa-AF", "ps"], languages);
        }

        Assert.Contains(Objects(Actor("tajikistan")["names"]), n => n.Text("text") == "Тоҷикистон");
    }

    private static void AssertDates(JsonObject record, string? from, string? to) =>
        Assert.Equal((from, to), (record.Text("from"), record.Text("to")));

    private static IReadOnlyList<string> Supports(JsonObject citation) =>
        [.. citation["supports"]?.AsArray().Select(p => (string)p!) ?? []];

    [GeneratedRegex(@"^(paragraphs?) (?:(\d+)(?:, |$))+(?<!, )$")]
    private static partial Regex Paragraphs();

    [GeneratedRegex("^(row [A-Z]{3}|rows [A-Z]{3}(, [A-Z]{3})+|territory ([A-Z]{2}|143) in the locales tg, fa-AF and ps)$")]
    private static partial Regex Rows();

    [GeneratedRegex("^/(names|identifiers|subject|description|participants/[a-z]+:target)$")]
    private static partial Regex Tabled();

    [GeneratedRegex(@"\bauthor\b(?! of)")]
    private static partial Regex Author();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
