using System.Globalization;
using System.Numerics;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>The filters that lists are made of.</summary>
public static class Filters
{
    private const string Any = "Several values: any of them.";

    public static FilterDefinition Codes(string name, string column, CodeList codes, string description) =>
        OfCodes(name, codes, description, values => new TextIn(column, values));

    /// <summary>Codes that are numbers and stored as such.</summary>
    public static FilterDefinition NumberCodes(string name, string column, CodeList codes, string description) =>
        OfCodes(name, codes, description,
            values => new NumberIn(column, [.. values.Select(v => short.Parse(v, CultureInfo.InvariantCulture))]));

    /// <summary>The precision of the date, by number or word.</summary>
    public static FilterDefinition DatePrecision(string name, string description) =>
        OfCodes(name, CodeLists.DatePrecisions, description, values => new DatePrecisionIn(values));

    /// <summary>Codes in an array column: at least one of the values matches.</summary>
    public static FilterDefinition CodesWithin(string name, string column, CodeList codes, string description) =>
        OfCodes(name, codes, description, values => new ArrayOverlaps(column, values));

    /// <summary>Texts that follow a rule.</summary>
    public static FilterDefinition Texts(string name, string column, string description, TextRule rule) =>
        new(name, FilterKind.Texts, $"{description} {Any}", value => new TextIn(column, (string[])value)) { Rule = rule };

    /// <summary>An exact text of at most so many characters.</summary>
    public static FilterDefinition ExactText(string name, string column, int most, string description) =>
        new(name, FilterKind.Text, description, value => new Compare(column, Comparison.Equal, value)) { MaxLength = most };

    /// <summary>A text that an array column has exactly.</summary>
    public static FilterDefinition TextWithin(string name, string column, int most, string description) =>
        new(name, FilterKind.Text, description, value => new ArrayContains(column, (string)value)) { MaxLength = most };

    /// <summary>A filter for any of its values, and beside it <c>….all</c> for all of them.</summary>
    public static IEnumerable<FilterDefinition> AnyAndAll(FilterDefinition any) =>
    [
        any,
        any with
        {
            Name = $"{any.Name}.all",
            IsAllOf = true,
            Description = any.Description.Replace(Any, "Several values: all of them at once.", StringComparison.Ordinal),
        },
    ];

    /// <summary>The records themselves.</summary>
    public static FilterDefinition Ids(ReferenceTarget target) =>
        target.Identifiers is null
            ? new("id", FilterKind.Ids, $"Records with this id. {Any}", value => new IdIn((string[])value)) { Target = target }
            : OfActors("id", ByIdOrIdentifier("Records with this id."), values => new IdIn(values));

    /// <summary>Records without a value: <c>missing</c> in any of the fields, <c>missing.all</c> in all of them.</summary>
    public static IEnumerable<FilterDefinition> Missing(params (string Field, Predicate IsMissing)[] fields)
    {
        var predicates = fields.ToDictionary(f => f.Field, f => f.IsMissing);
        return AnyAndAll(new("missing", FilterKind.Fields, $"Records without a value in this field. {Any}", value =>
            (string[])value is [var one] ? predicates[one] : new AnyHolds([.. ((string[])value).Select(f => predicates[f])]))
        {
            Fields = [.. fields.Select(f => f.Field)],
        });
    }

    /// <summary>An open beginning and an open end, for <see cref="Missing"/>.</summary>
    public static IEnumerable<(string Field, Predicate IsMissing)> OpenBounds { get; } =
        [("earliest", new LacksKey(ListDefinition.Earliest)), ("latest", new LacksKey(ListDefinition.Latest))];

    public static FilterDefinition Actors(string name, string column, string description) =>
        OfActors(name, ByIdOrIdentifier(description), values => new TextIn(column, values));

    /// <summary>An actor in either of two columns.</summary>
    public static FilterDefinition EitherActor(string name, string first, string second, string description) =>
        OfActors(name, ByIdOrIdentifier(description), values => new AnyColumnIn([first, second], values));

    /// <summary>The records with these ids or identifiers.</summary>
    public static FilterDefinition ActorItself(string name, string description) =>
        OfActors(name, $"{description} {Any}", values => new IdIn(values));

    /// <summary>An actor that a part names.</summary>
    public static FilterDefinition PartActors(string name, PartMember member, string description) =>
        OfActors(name, $"{description} {Any}", values => new HasPart(member.Part, member.In(values)));

    /// <summary>An actor that a part of a part names.</summary>
    public static FilterDefinition PartActors(string name, PartTable outer, PartMember member, string description) =>
        OfActors(name, $"{description} {Any}", values => new HasPart(outer, [new HasPart(member.Part, member.In(values))]));

    /// <summary>A code in a part. The description names the code list.</summary>
    public static FilterDefinition PartCodes(string name, PartMember member, CodeList codes, string description) =>
        new(name, FilterKind.Codes, $"{description} {Any}", value => new HasPart(member.Part, member.In((string[])value)))
        {
            Codes = codes,
        };

    public static IEnumerable<FilterDefinition> Evidence(PartTable citations)
    {
        var source = new PartMember(citations, "source_id");
        return
        [
            new("source", FilterKind.Ids, $"Records that cite this source. {Any}",
                value => new HasPart(source.Part, source.In((string[])value)))
            { Target = ReferenceTarget.Source, SharesPart = true },
            PartCodes("certainty", new(citations, "certainty"), CodeLists.Certainties,
                "Records with a citation of this certainty; with `source`, a citation of that source. Code list: certainties.") with
            {
                SharesPart = true,
            },
            OfActors("claimant", ByIdOrIdentifier("Records with a claim of this actor."),
                values => new HasPart(citations, [new TextIn("claimant_id", values)])) with { SharesPart = true },
            new("supports", FilterKind.Texts,
                "Records with a citation that supports this part, as a JSON Pointer (`/date`, `/participants`); with `certainty=derived`, "
                + "one "
                + $"that says how the part was found. {Any}",
                value => new HasPart(citations, [new SupportsPart((string[])value)]))
            {
                SharesPart = true,
                Rule = (text, _) => text.StartsWith('/') ? null : Fault.NotAPointer,
            },
        ];
    }

    /// <summary>For all resources: records recorded after an instant.</summary>
    public static FilterDefinition UpdatedAfter { get; } =
        new("updatedAfter", FilterKind.Instant,
            "Records whose current version was committed after this instant (RFC 3339, `2026-11-23T10:00:00Z`).",
            value => new Compare(ListDefinition.RecordedAt.Column, Comparison.More, value));

    /// <summary>The time of records or of their parts: <c>validAt</c>, <c>from</c>, <c>to</c>, and how surely or how they have to
    /// match.</summary>
    /// <param name="what">The records in a sentence: "Relations that held".</param>
    /// <param name="model">What is known of their time.</param>
    public static IEnumerable<FilterDefinition> Time(string what, TimeModel model)
    {
        yield return OfTime(model, "validAt", FilterKind.Days, TimeRole.At,
            $"{what} on this date, or on a day of this month or year (EDTF).",
            value => ((DateOnly, DateOnly))value is var (first, last) ? new DatesOverlap(first, last) : null!);
        yield return OfTime(model, "from", FilterKind.FirstDay, TimeRole.From,
            $"{what} on or after this date (EDTF: `2021`, `2024-08`, `2024-08-16`); with `to`, in the span from the one to the other.",
            value => new ReachesDay(value));
        yield return OfTime(model, "to", FilterKind.LastDay, TimeRole.To, $"{what} on or before this date (EDTF).",
            value => new BeginsByDay(value));
        if (model.HasCourses)
        {
            yield return OfMode("holds", TimeRole.Holds, CodeLists.Holds,
                "How surely, with `validAt`, `from` or `to` (default: `certain,possible`); each record then has `holds`.");
        }

        if (model.HasMatch)
        {
            yield return OfMode("dateMatch", TimeRole.Match, CodeLists.DateMatches,
                "Whether the date overlaps the time of `validAt`, `from` or `to` (default), or lies within it.");
        }
    }

    private static FilterDefinition OfTime(
        TimeModel model, string name, FilterKind kind, TimeRole role, string description, Func<object, Predicate> toPredicate) =>
        new(name, kind, description, value => model.Part is { } part ? new HasPart(part, [toPredicate(value)]) : toPredicate(value))
        {
            Time = role,
            IsRangeStart = model.Part is null && role is TimeRole.At or TimeRole.From,
            SharesPart = model.Part is not null,
        };

    private static FilterDefinition OfMode(string name, TimeRole role, CodeList codes, string description) =>
        OfCodes(name, codes, description, _ => throw new InvalidOperationException("It belongs to the question for a time.")) with
        {
            Time = role,
        };

    public static IEnumerable<FilterDefinition> Range(string name, string column, string description) =>
    [
        Number($"{name}.gte", column, Comparison.AtLeast, $"{description}: at least."),
        Number($"{name}.lte", column, Comparison.AtMost, $"{description}: at most."),
        Number($"{name}.gt", column, Comparison.More, $"{description}: more than."),
        Number($"{name}.lt", column, Comparison.Less, $"{description}: less than."),
    ];

    /// <summary>The same of a column of whole numbers, whose index does not know fractions.</summary>
    public static IEnumerable<FilterDefinition> WholeRange(string name, string column, string description) =>
        Range(name, column, description).Select(f => f with { ToPredicate = value => InWhole((Compare)f.ToPredicate(value)) });

    public static FilterDefinition Boolean(string name, string column, string description) =>
        new(name, FilterKind.Boolean, description, value => new Compare(column, Comparison.Equal, value));

    public static FilterDefinition Box(string name, string longitude, string latitude, string description) =>
        new(name, FilterKind.Box, description, value => new InBox(longitude, latitude, (decimal[])value));

    private static FilterDefinition OfCodes(string name, CodeList codes, string description, Func<string[], Predicate> toPredicate) =>
        new(name, FilterKind.Codes, $"{description} Code list: {codes.Name}. {Any}", value => toPredicate((string[])value))
        {
            Codes = codes,
        };

    private static FilterDefinition OfActors(string name, string description, Func<string[], Predicate> toPredicate) =>
        new(name, FilterKind.Actors, description, value => toPredicate((string[])value)) { Target = ReferenceTarget.Actor };

    /// <summary>A comparison with the next whole number that says the same of whole numbers.</summary>
    private static Compare InWhole(Compare compare)
    {
        var (digits, fraction) = ((ExactNumber)compare.Value).Text.Split('.') is [var before, var after]
            ? (before, after.Trim('0').Length > 0) : (((ExactNumber)compare.Value).Text, false);
        var isNegative = digits.StartsWith('-');
        var whole = BigInteger.Parse($"0{digits.TrimStart('-')}", CultureInfo.InvariantCulture) * (isNegative ? -1 : 1);
        // `at least` and `less than` 2.5 mean 3; `more than` and `at most` 2.5 mean 2
        var goesUp = compare.Comparison is Comparison.AtLeast or Comparison.Less;
        if (fraction && goesUp != isNegative)
            whole += goesUp ? 1 : -1;
        return compare with { Value = (long)BigInteger.Clamp(whole, long.MinValue, long.MaxValue) };
    }

    private static FilterDefinition Number(string name, string column, Comparison comparison, string description) =>
        new(name, FilterKind.Number, description, value => new Compare(column, comparison, value));

    private static string ByIdOrIdentifier(string description) => $"{description} By id or identifier (`iso3:TJK`). {Any}";
}
