using System.Text.Json.Nodes;
using static TajikTaliban.Api.Tests.Seeds.FieldExtract;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The events of the pack <c>press-contacts</c> are the rows of the table, read beside it.</summary>
public sealed class PressContactsFieldTests
{
    private const string Pack = "press-contacts";
    private const string File = "press_contacts_recognition.csv";

    /// <summary>
    /// Written by hand, by the number of the row: the event, its date, its participants and the address of the page that the fact cites, if
    /// it is not that of the row.
    /// </summary>
    private static readonly (int Row, string Id, string Date, string Participants, string? Url)[] Events =
    [
        (1, "yatimov-kabul-visit-2020-09", "2020-09-09/2020-09-11", "saimumin-yatimov:source afghanistan:target", null),
        (2, "yatimov-abdullah-meeting-2021-02-14", "2021-02-14", "saimumin-yatimov:source abdullah-abdullah:target", null),
        (3, "afghan-embassy-moscow-handover-2022-04", "2022-04", "russia:source taliban:target", null),
        (4, "taliban-delegation-khorog-consulate-2023-03", "/2023-03-25",
            "ministry-of-foreign-affairs-taliban:source afghan-consulate-in-khorog:target tajikistan:location", null),
        (5, "border-markets-resume-2023-09-02", "2023-09-02", "tajikistan:source afghanistan:target", null),
        (6, "china-accepts-taliban-ambassador-2024-01", "2024-01", "china:source taliban:target", null),
        (6, "china-accredits-taliban-ambassador-2023-12", "2023-12", "china:source taliban:target", ""),
        (7, "afghan-embassy-tashkent-handover-2024-02", "2024-02", "uzbekistan:source taliban:target", null),
        (8, "first-secretary-afghan-embassy-dushanbe-2024-03", "2024-03-01/",
            "ministry-of-foreign-affairs-taliban:source tajikistan:target", null),
        (9, "kazakhstan-delisting-decided-2023-12", "2023-12~", "kazakhstan:source taliban:target", ""),
        (9, "kazakhstan-delisting-in-force-2024-01", "2024-01", "kazakhstan:source taliban:target", ""),
        (9, "kazakhstan-delisting-announced-2024-06-03", "2024-06-03", "kazakhstan:source taliban:target", null),
        (11, "kyrgyzstan-delisting-2024-09-02", "2024-09-02", "kyrgyzstan:source taliban:target", null),
        (12, "russia-recognises-islamic-emirate-2025-07-03", "2025-07-03", "russia:source islamic-emirate-of-afghanistan:target", null),
        (13, "taliban-transport-advisers-2025-08", "/2025-08-27",
            "ministry-of-transport-taliban:source tajikistan:target uzbekistan:target iran:target pakistan:target turkmenistan:target",
            null),
        (14, "wafa-dushanbe-visit-2025-10", "2025-10?", "y-wafa:source tajikistan:host", null),
        (15, "tajik-delegation-kunduz-2025-11", "2025-11~",
            "tajikistan:source faizullozoda:source governor-of-kunduz-taliban:target", null),
        (16, "tajik-delegation-kabul-2025-11", "2025-11~", "tajikistan:source a-k-muttaqi:target", null),
        (17, "attack-khatlon-2025-11-26", "2025-11-26", "llc-shohin-sm:target tajikistan:location", null),
        (18, "badakhshan-governor-tajikistan-visit-2025-11", "/2025-11-27",
            "governor-of-badakhshan-taliban:source tajikistan:target", null),
        (19, "attack-darvoz-2025-11-30", "2025-11-30", "china-road-and-bridge-corporation:target tajikistan:location", null),
    ];

    [Fact]
    public void Each_event_is_that_of_its_row()
    {
        var rows = Rows(File);
        var records = Records(Pack, "events");

        foreach (var (number, id, date, participants, url) in Events)
        {
            var row = rows[number - 1];
            var record = Assert.Single(records, e => e.Text("id") == id);
            Assert.Equal(date, record.Text("date"));
            Assert.Equal(participants, string.Join(' ', record.Objects("participants").Select(p => $"{p["actor"]}:{p["role"]}")));
            var fact = record.Facts()[0];
            var source = Assert.Single(Records(Pack, "sources"), s => s.Text("id") == fact.Text("source"));
            Assert.Equal(url ?? row["url"], source.Text("url") ?? "");
            var passedOn = id == "china-accredits-taliban-ambassador-2023-12";
            Assert.Equal(passedOn ? "reported" : row["status"], record.Text("status"));
            Assert.Equal(passedOn ? "reported" : row["certainty"], fact.Certainty());
            Assert.Equal(
                row["kind"] switch
                {
                    "visit" => "CONSULT",
                    "border markets" => "COOPERATE",
                    "delisting" => "CONCEDE",
                    "recognition" => "SUPPORT",
                    "attack" => "ASSAULT",
                    _ => null,
                },
                record.Text("type"));
            // the row's own date, or an interval that is open on a side of it
            if (number is not (6 or 9))
                Assert.Equal(row["date_edtf"], date.Trim('/'));
        }

        Assert.Equal(Events.Length, records.Count);
        Assert.Equal(Enumerable.Range(1, rows.Count).Except([10]), Events.Select(e => e.Row).Distinct());
    }

    [Fact]
    public void A_day_that_is_only_that_of_the_report_is_the_last_on_which_it_may_have_been()
    {
        var reports = Rows(File).Index().Where(r => r.Item["what"].EndsWith("date is of the report", StringComparison.Ordinal)).ToList();

        Assert.Equal(4, reports.Count);
        foreach (var (index, row) in reports)
        {
            var e = Assert.Single(Events, e => e.Row == index + 1);
            Assert.Equal(row["status"] == "planned" ? $"{row["date_edtf"]}/" : $"/{row["date_edtf"]}", e.Date);
        }
    }

    [Fact]
    public void The_visit_of_August_2024_gets_the_second_report_and_the_one_that_does_not_agree()
    {
        var row = Rows(File)[9];
        var addition = Assert.Single(Additions(Pack, "events"), a => a.Text("id") == "yatimov-kabul-visit-2024-08");

        Assert.Equal("2024-08-16/2024-08-31", row["date_edtf"]);
        Assert.Equal(["reported", "disputed"], addition.Objects("citations").Select(c => c.Certainty()));
        Assert.Equal(row["url"], Url(addition.Objects("citations")[0]));
        Assert.Equal(Rows(File)[15]["url"], Url(addition.Objects("citations")[1]));
        Assert.Contains("first", Record("tajik-delegation-kabul-2025-11").Text("description"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_delistings_of_the_article_get_the_sources_with_the_dates()
    {
        _ = Rows(File);
        Assert.Equal(
            [
                "kazakhstan-delists-taliban: 1lurer-2024-06-03 stated, orda-kz-2025 stated",
                "kyrgyzstan-delists-taliban: daryo-2024-09-06 stated",
                "yatimov-kabul-visit-2024-08: central-asian-light-kunduz reported, caspian-post-tajik-delegation-kabul disputed",
            ],
            Additions(Pack, "events").Select(a => $"{a["id"]}: "
                + string.Join(", ", a.Objects("citations").Select(c => $"{c["source"]} {c["certainty"]}"))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Actors_are_those_that_rows_name()
    {
        _ = Rows(File);
        Assert.Equal(
            [
                "a-k-muttaqi person 2025-11~ caspian-post-tajik-delegation-kabul",
                "abdullah-abdullah person - rfe-rl-31103530",
                "afghan-consulate-in-khorog public-body - afghanistan-international-2023-03-25",
                "china-road-and-bridge-corporation organization - times-of-central-asia-40228",
                "faizullozoda person 2025-11~ central-asian-light-kunduz",
                "governor-of-badakhshan-taliban person 2025-11-27 ariana-news-2025-11-27",
                "governor-of-kunduz-taliban person 2025-11~ central-asian-light-kunduz",
                "llc-shohin-sm organization - ary-news-2025-11-28",
                "ministry-of-foreign-affairs-taliban public-body - afghanistan-international-2023-03-25, khaama-press-2024-03-01",
                "ministry-of-transport-taliban public-body - asia-plus-2025-08-27",
                "y-wafa person 2025-10? central-asian-light-kunduz",
            ],
            Records(Pack, "actors").Select(a => $"{a["id"]} {a["type"]} {Vouched(a)} "
                + string.Join(", ", a.Objects("citations").Select(c => c.Text("source")))).Order(StringComparer.Ordinal));

        // the time for which the office is vouched
        static string Vouched(JsonObject actor) =>
            actor.Objects("statuses").SingleOrDefault()?.Objects("citations").Single().Text("vouchedFor") ?? "-";
    }

    [Fact]
    public void The_attacks_have_no_attacker_and_the_deaths_that_are_stated()
    {
        var rows = Rows(File);
        foreach (var (number, words, deaths) in ((int, string, int)[])[(17, "three killed", 3), (19, "two killed", 2)])
        {
            Assert.Contains(words, rows[number - 1]["what"], StringComparison.Ordinal);
            Assert.StartsWith("unknown", rows[number - 1]["source_side"], StringComparison.Ordinal);
            var e = Record(Events.Single(e => e.Row == number).Id);
            Assert.DoesNotContain(e.Objects("participants"), p => p.Text("role") == "source");
            Assert.Equal(["best", "high", "low"], e["deaths"]!.AsObject().Select(d => d.Key).Order(StringComparer.Ordinal));
            Assert.All(e["deaths"]!.AsObject(), d => Assert.Equal(deaths, (int)d.Value!));
        }

        Assert.Equal(2, Records(Pack, "events").Count(e => e.ContainsKey("deaths")));
    }

    [Fact]
    public void Recognition_and_the_ends_of_bans_are_relations()
    {
        _ = Rows(File);
        Assert.Equal(
            [
                "a-k-muttaqi leads ministry-of-foreign-affairs-taliban: - (caspian-post-tajik-delegation-kabul)",
                "kazakhstan ban taliban: -2023-12~/2024-06-03 (1lurer-2024-06-03, orda-kz-2025)",
                "kyrgyzstan ban taliban: -/2024-09-02 (daryo-2024-09-06)",
                "ministry-of-foreign-affairs-taliban part-of taliban: - (afghanistan-international-2023-03-25)",
                "ministry-of-transport-taliban part-of taliban: - (asia-plus-2025-08-27)",
                "russia recognition islamic-emirate-of-afghanistan: 2025-07-03- (ap-star-tribune-russia-recognizes-taliban)",
            ],
            Records(Pack, "relations").Select(r => $"{r["subject"]} {r["type"]} {r["object"]}: {r["from"]}-{r["to"]} "
                + $"({string.Join(", ", r.Facts().Select(c => c.Text("source")))})").Order(StringComparer.Ordinal));
        var emirate = Assert.Single(Additions(Pack, "actors"));
        var status = Assert.Single(emirate.Objects("statuses"));
        Assert.Equal("islamic-emirate-of-afghanistan", emirate.Text("id"));
        Assert.Equal("ap-star-tribune-russia-recognizes-taliban", Assert.Single(status.Objects("citations")).Text("source"));
        Assert.Equal(
            ("recognised-government", "russia", "2025-07-03"), (status.Text("status"), status.Text("by"), status.Text("from")));
    }

    [Fact]
    public void Each_page_of_a_row_is_one_source()
    {
        var pages = Rows(File).Select(r => r["url"]).Distinct().Order(StringComparer.Ordinal).ToList();
        var sources = Records(Pack, "sources");

        Assert.Equal(pages, sources.Select(s => s.Text("url")).OfType<string>().Order(StringComparer.Ordinal));
        Assert.Equal(
            ["orda-kz-2025", "press-contacts-table"],
            sources.Where(s => s.Text("url") is null).Select(s => s.Text("id")).Order(StringComparer.Ordinal));
    }

    private static JsonObject Record(string id) => Assert.Single(Records(Pack, "events"), e => e.Text("id") == id);

    private static string? Url(JsonObject citation) =>
        Assert.Single(Records(Pack, "sources"), s => s.Text("id") == citation.Text("source")).Text("url");
}
