using System.Globalization;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Features.Actors;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.Features.Sources;
using TajikTaliban.Api.Features.Trade;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Benchmarks.Load;

/// <summary>
/// Records that look like those of the field, made from numbers that are the same on every run: dates over 1991 to 2024, mostly exact days,
/// in no order; few actors that are in most events, and many that are in few. One of them, <see cref="Busiest"/>, is in 19 of 20.
/// </summary>
internal sealed class PlausibleRecords(int actors, int events, int trade)
{
    public const string Busiest = "tajikistan";
    public const int SeriesLength = 40;
    private const int Seed = 19960927;
    private const int Step = 100_000;
    private const int FirstTradeYear = 1985;
    public static readonly DateTimeOffset RecordedAt = new(2024, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly FirstDay = new(1991, 9, 9);
    private static readonly int Days = new DateOnly(2024, 12, 1).DayNumber - FirstDay.DayNumber;
    private static readonly string[] Known = [Busiest, "afghanistan", "taliban", "uzbekistan", "russia", "iran", "pakistan", "china"];
    private static readonly string[] Places =
        ["Dushanbe", "Kabul", "Khorog", "Ishkashim", "Kunduz", "Faizabad", "Panj", "Sher Khan Bandar", "Mazar-i-Sharif", "Kulob"];
    private static readonly string[] Flows = ["M", "X"];
    private static readonly string[] Commodities = [CommodityCode.Total, "10", "27", "52", "2716"];
    private static readonly string[] Certainties = ["stated", "reported", "assessed"];
    private static readonly string[] Statuses = ["occurred", "occurred", "occurred", "reported", "reported", "denied", "planned"];
    public static readonly IReadOnlyList<string> Words =
    [
        "border", "talks", "on", "the", "crossing", "at", "river", "security", "forces", "officials", "said", "trade", "electricity",
            "agreement", "with",
        "delegation", "of", "representatives", "after", "reports", "a", "meeting", "about", "water", "refugees", "drug", "trafficking",
            "provincial",
        "governor", "ministry", "statement", "and", "region", "bridge", "market", "reopened", "closed", "patrol", "exchange", "fire",
            "humanitarian", "aid",
    ];

    private static readonly ActorMapping ActorsOf = new();
    private static readonly EventMapping EventsOf = new();
    private static readonly SourceMapping SourcesOf = new();
    private static readonly TradeMapping TradeOf = new();

    private readonly string[] _actors =
        [.. Enumerable.Range(0, Math.Max(actors, Known.Length)).Select(i => i < Known.Length ? Known[i] : $"actor-{i:0000}")];
    private readonly string[] _sources = [.. Enumerable.Range(0, 200).Select(i => $"source-{i:000}")];
    private readonly Dictionary<string, string[]> _cameoOfType = CodeLists.EventTypes.Values.ToDictionary(
        t => t, t => CodeLists.Cameo.Codes.Where(c => c.MappingOrNull("plover") == t).Select(c => c.Value).ToArray());

    /// <summary>All records, each after those it refers to. <paramref name="report"/> hears how far it has come.</summary>
    public IEnumerable<Record> All(Action<string, int> report)
    {
        foreach (var id in _sources)
        {
            yield return Finish(SourcesOf,
                new SourceRequest
                {
                    Id = id,
                    Kind = "report",
                    Title = $"Monthly report {id}",
                    Publisher = "An observatory",
                    Published = "2024",
                }, id);
        }

        foreach (var id in _actors)
        {
            yield return Finish(ActorsOf,
                new ActorRequest { Id = id, Type = "state", Name = Name(id), Citations = [Cite(_sources[0], "stated")] }, id);
        }

        report("actors", _actors.Length);

        var random = new Random(Seed);
        for (var i = 1; i <= events; i++)
        {
            yield return Event(i, random);
            if (i % Step == 0 || i == events)
                report("events", i);
        }

        for (var i = 0; i < trade; i++)
        {
            yield return Trade(i, random);
            if ((i + 1) % Step == 0 || i + 1 == trade)
                report("trade", i + 1);
        }
    }

    private static string Name(string id) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(id.Replace('-', ' '));

    private Event Event(int number, Random random)
    {
        var type = Pick(CodeLists.EventTypes.Values, random);
        var cameo = _cameoOfType[type] is { Length: > 0 } codes && random.Next(10) < 7 ? codes[random.Next(codes.Length)] : null;
        var participants = Participants(random);
        var place = Pick(Places, random);
        var exact = random.Next(10) < 7;
        var isViolent = type == "ASSAULT" && random.Next(2) == 0;
        var deaths = random.Next(12);
        var id = $"{type.ToLowerInvariant()}-{place.ToLowerInvariant().Replace(' ', '-')}-{number:0000000}";
        return Finish(EventsOf, new EventRequest
        {
            Id = id,
            Type = type,
            Cameo = cameo,
            Title = $"{Name(participants[0].Actor)}: {Text(4 + random.Next(6), random)} in {place}",
            Description = random.Next(10) < 6 ? Text(15 + random.Next(30), random) : null,
            Date = Date(random),
            Status = Pick(Statuses, random),
            Participants = participants,
            Place = random.Next(10) < 8
                ? new EventPlaceRequest
                {
                    Name = place,
                    Latitude = exact ? Math.Round(34m + ((decimal)random.NextDouble() * 6m), 4) : null,
                    Longitude = exact ? Math.Round(62m + ((decimal)random.NextDouble() * 12m), 4) : null,
                    Precision = exact ? 1 + random.Next(3) : 6,
                }
                : null,
            Deaths = isViolent ? new EventDeathsRequest { Low = deaths, Best = deaths + random.Next(4), High = deaths + 4 + random.Next(9) }
                : null,
            ViolenceType = isViolent ? 1 + random.Next(3) : null,
            Citations = [.. Enumerable.Range(0, random.Next(4) == 0 ? 2 : 1)
                .Select(_ => Cite(Pick(_sources, random), Pick(Certainties, random), $"page {1 + random.Next(300)}"))],
        }, id);
    }

    private List<EventParticipantRequest> Participants(Random random)
    {
        string[] roles = ["source", "target", "host", "participant"];
        var chosen = new List<EventParticipantRequest>();
        if (random.Next(20) != 0)
            chosen.Add(new EventParticipantRequest { Actor = Busiest, Role = roles[random.Next(2)] });
        var wanted = 2 + random.Next(3);
        while (chosen.Count < wanted)
        {
            // the third power: a tenth of the actors is in half of the events
            var actor = _actors[(int)(_actors.Length * Math.Pow(random.NextDouble(), 3))];
            if (actor != Busiest && !chosen.Exists(p => p.Actor == actor))
                chosen.Add(new EventParticipantRequest { Actor = actor, Role = roles[chosen.Count] });
        }

        return chosen;
    }

    /// <summary>Of a hundred: 88 days, 5 months, 3 years, 3 short spans, and now and then one without a beginning or an end.</summary>
    private static string Date(Random random)
    {
        var day = FirstDay.AddDays(random.Next(Days));
        string Text(DateOnly date, string format) => date.ToString(format, CultureInfo.InvariantCulture);
        return random.Next(1000) switch
        {
            < 885 => Text(day, "yyyy-MM-dd"),
            < 935 => Text(day, "yyyy-MM"),
            < 965 => Text(day, "yyyy"),
            < 995 => $"{Text(day, "yyyy-MM-dd")}/{Text(day.AddDays(1 + random.Next(20)), "yyyy-MM-dd")}",
            < 998 => $"{Text(day, "yyyy-MM")}/..",
            _ => $"../{Text(day, "yyyy-MM")}",
        };
    }

    private TradeFlow Trade(int number, Random random)
    {
        var (series, year) = (number / SeriesLength, FirstTradeYear + (number % SeriesLength));
        var (pair, kind) = (series / (Flows.Length * Commodities.Length), series % (Flows.Length * Commodities.Length));
        var pairs = _actors.Length * (_actors.Length - 1);
        if (pair >= pairs)
            throw new BenchmarkException("There are too few actors for so much trade; give more --actors.");
        // every ordered pair of two different actors has its number; a large prime's steps visit them all, here and there
        pair = (int)((long)pair * 1_000_003 % pairs);
        var (reporter, partner) = (pair / (_actors.Length - 1), pair % (_actors.Length - 1));
        partner = partner >= reporter ? partner + 1 : partner;
        var request = new TradeRequest
        {
            Reporter = _actors[reporter],
            Partner = _actors[partner],
            Flow = Flows[kind % Flows.Length],
            Period = year.ToString(CultureInfo.InvariantCulture),
            Commodity = new TradeCommodityRequest { Classification = "HS", Code = Commodities[kind / Flows.Length] },
            Value = Math.Round((decimal)(random.NextDouble() * 1e8), 2),
            Currency = "USD",
            Citations = [Cite(_sources[0], "stated", $"table {1 + random.Next(30)}")],
        };
        var id = RecordId.Slug(request.Reporter, request.Partner, request.Flow, request.Period,
            request.Commodity.Code == CommodityCode.Total ? null : $"HS-{request.Commodity.Code}");
        return Finish(TradeOf, request, id);
    }

    private static TRecord Finish<TRequest, TRecord, TResponse>(
        RecordMapping<TRequest, TRecord, TResponse> mapping, TRequest request, string id)
        where TRequest : class, IRecordRequest
        where TRecord : Record
        where TResponse : class
    {
        var record = mapping.ToRecord(request, id, (_, text) => text);
        mapping.SetBounds(record, _ => null, new Errors());
        record.RecordedAt = RecordedAt;
        return mapping.Finish(record);
    }

    private static CitationRequest Cite(string source, string certainty, string? locator = null) =>
        new() { Source = source, Certainty = certainty, Locator = locator };

    private static string Text(int words, Random random) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Pick(Words, random)));

    private static T Pick<T>(IReadOnlyList<T> values, Random random) => values[random.Next(values.Count)];
}
