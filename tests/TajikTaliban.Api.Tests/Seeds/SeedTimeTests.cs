using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using static TajikTaliban.Api.Tests.Seeds.SeedRecords;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>What holds in a year over the article's records alone, read beside the article: nothing that it does not vouch for.</summary>
public sealed class SeedTimeTests
{
    /// <summary>What followed the Soviet Union: by 1996, and without an end.</summary>
    private static readonly string[] Successions =
    [
        "kazakhstan-succession-soviet-union", "kyrgyzstan-succession-soviet-union", "tajikistan-succession-soviet-union",
        "turkmenistan-succession-soviet-union", "uzbekistan-succession-soviet-union",
    ];

    /// <summary>A year; the relations that certainly and that possibly hold in it; how many more may hold for all that is known.</summary>
    public static TheoryData<string, string[], string[], int> Years => new()
    {
        { "1900", [], [], 77 },
        { "1997", ["pakistan-sponsorship-taliban", .. Successions], [], 72 },
        {
            "2023",
            [
                "islamic-emirate-of-afghanistan-leads-afghanistan", "tajikistan-border-afghanistan",
                "taliban-leads-islamic-emirate-of-afghanistan", .. Successions,
            ],
            [
                "islamic-emirate-of-afghanistan-diplomatic-contact-china", "islamic-emirate-of-afghanistan-diplomatic-contact-iran",
                "islamic-emirate-of-afghanistan-diplomatic-contact-kazakhstan",
                "islamic-emirate-of-afghanistan-diplomatic-contact-kyrgyzstan", "islamic-emirate-of-afghanistan-diplomatic-contact-russia",
                "islamic-emirate-of-afghanistan-diplomatic-contact-turkmenistan",
                "islamic-emirate-of-afghanistan-diplomatic-contact-uzbekistan", "kazakhstan-ban-taliban", "kyrgyzstan-ban-taliban",
                "pakistan-military-sponsorship-taliban", "pakistan-sponsorship-taliban",
                "tajikistan-shelters-anti-taliban-political-forces", "taliban-diplomatic-contact-neighbours-of-afghanistan",
            ],
            70
        },
        { "2025", Successions, [], 70 },
    };

    [Theory, MemberData(nameof(Years))]
    public void The_relations_of_a_year_are_those_that_the_article_vouches_for(
        string year, string[] certain, string[] possible, int unknown)
    {
        var held = Of("relations").ToLookup(r => HoldsIn(r, year), r => r.Text("id")!);

        Assert.Equal(certain.Order(StringComparer.Ordinal), held[Holds.Certain].Order(StringComparer.Ordinal));
        Assert.Equal(possible.Order(StringComparer.Ordinal), held[Holds.Possible].Order(StringComparer.Ordinal));
        Assert.Equal(unknown, held[Holds.Unknown].Count());
    }

    [Theory]
    // unknown by the article alone, and certain at its own time
    [InlineData("emomali-rahmon-leads-tajikistan", "2023", Holds.Unknown)]
    [InlineData("emomali-rahmon-leads-tajikistan", "2024", Holds.Certain)]
    [InlineData("kazakhstan-ban-taliban", "2015", Holds.Unknown)]
    [InlineData("kazakhstan-ban-taliban", "2023", Holds.Possible)]
    [InlineData("kazakhstan-ban-taliban", "2025", Holds.Not)]
    [InlineData("china-aid-tajikistan", "2010", Holds.Unknown)]
    [InlineData("china-aid-tajikistan", "2025", Holds.Not)]
    [InlineData("ansarullah-conflict-tajikistan", "2020", Holds.Unknown)]
    [InlineData("ansarullah-conflict-tajikistan", "2024", Holds.Possible)]
    [InlineData("tajikistan-perception-taliban-after-1996", "1996", Holds.Certain)]
    [InlineData("tajikistan-perception-taliban-after-1996", "1997", Holds.Unknown)]
    [InlineData("tajikistan-border-afghanistan", "2003", Holds.Unknown)]
    [InlineData("tajikistan-border-afghanistan", "2010", Holds.Certain)]
    [InlineData("tajikistan-border-afghanistan", "2025", Holds.Unknown)]
    public void A_relation_holds_as_surely_as_the_article_lets_one_say(string id, string year, Holds holds) =>
        Assert.Equal(holds, HoldsIn(Relation(id), year));

    [Theory]
    [InlineData("1980", "soviet-union dissolved-state", Holds.Unknown)]
    [InlineData("1996", "soviet-union dissolved-state", Holds.Certain)]
    [InlineData("2025", "soviet-union dissolved-state", Holds.Certain)]
    [InlineData("2015", "taliban banned-organisation", Holds.Unknown)]
    [InlineData("2023", "taliban banned-organisation", Holds.Possible)]
    [InlineData("2025", "taliban banned-organisation", Holds.Not)]
    [InlineData("2023", "taliban de-facto-government", Holds.Certain)]
    [InlineData("2019", "taliban de-facto-government", Holds.Not)]
    public void A_status_holds_as_surely_as_the_article_lets_one_say(string year, string status, Holds holds)
    {
        var words = status.Split(' ');
        var statuses = Objects(Actor(words[0])["statuses"]).Where(s => s.Text("status") == words[1]).ToList();

        Assert.NotEmpty(statuses);
        Assert.All(statuses, s => Assert.Equal(holds, HoldsIn(s, year)));
    }

    private static Holds HoldsIn(JsonObject course, string year)
    {
        var vouched = Objects(course["citations"])
            .Select(c => c.Text("vouchedFor") ?? (course.ContainsKey("to") ? null : Published(c.Text("source")!)))
            .OfType<string>().Select(PartialDate.Parse).ToList();
        var span = PartialDate.Parse(year);
        return Bounds.OfCourse(CourseEnd.Beginning(course.Text("from")), CourseEnd.End(course.Text("to")), vouched)
            .In(span.Earliest, span.Latest);
    }

    private static string? Published(string source) => Of("sources").Single(s => s.Text("id") == source).Text("published");
}
