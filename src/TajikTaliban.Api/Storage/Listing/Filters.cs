using System.Globalization;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>The filters that lists are made of.</summary>
public static class Filters
{
    private const string Several = "Separate values by commas; a record matches any of them";

    public static FilterDefinition Codes(string name, string column, CodeList codes, string description) =>
        OfCodes(name, codes, description, values => new TextIn(column, values));

    /// <summary>Codes that are numbers and stored as such.</summary>
    public static FilterDefinition NumberCodes(string name, string column, CodeList codes, string description) =>
        OfCodes(name, codes, description,
            values => new NumberIn(column, [.. values.Select(v => short.Parse(v, CultureInfo.InvariantCulture))]));

    /// <summary>Codes in an array column: at least one of the values matches.</summary>
    public static FilterDefinition CodesWithin(string name, string column, CodeList codes, string description) =>
        OfCodes(name, codes, description, values => new ArrayOverlaps(column, values));

    public static FilterDefinition Texts(string name, string column, string description) =>
        new(name, FilterKind.Texts, $"{description} {Several}.", value => new TextIn(column, (string[])value));

    /// <summary>An exact text.</summary>
    public static FilterDefinition ExactText(string name, string column, string description) =>
        new(name, FilterKind.Text, description, value => new Compare(column, Comparison.Equal, value));

    /// <summary>A text that an array column has exactly.</summary>
    public static FilterDefinition TextWithin(string name, string column, string description) =>
        new(name, FilterKind.Text, description, value => new ArrayContains(column, (string)value));

    public static FilterDefinition Actors(string name, string column, string description) =>
        OfActors(name, ByIdOrIdentifier(description), values => new TextIn(column, values));

    /// <summary>An actor in either of two columns.</summary>
    public static FilterDefinition EitherActor(string name, string first, string second, string description) =>
        OfActors(name, ByIdOrIdentifier(description, isRepeatable: true), values => new AnyColumnIn([first, second], values)) with
        {
            Repeatable = true,
        };

    /// <summary>The records with these ids or identifiers.</summary>
    public static FilterDefinition ActorItself(string name, string description) => OfActors(name, description, values => new IdIn(values));

    /// <summary>An actor that a part names.</summary>
    public static FilterDefinition PartActors(string name, PartMember member, string description, bool isRepeatable = false) =>
        OfActors(name, $"{description} {SeveralOf(isRepeatable)}", values => new HasPart(member.Part, member.In(values))) with
        {
            Repeatable = isRepeatable,
        };

    /// <summary>An actor that a part of a part names.</summary>
    public static FilterDefinition PartActors(string name, PartTable outer, PartMember member, string description) =>
        OfActors(name, $"{description} {SeveralOf(false)}", values => new HasPart(outer, [new HasPart(member.Part, member.In(values))]));

    /// <summary>A code in a part. The description names the code list.</summary>
    public static FilterDefinition PartCodes(string name, PartMember member, CodeList codes, string description) =>
        new(name, FilterKind.Codes, $"{description} {Several}.", value => new HasPart(member.Part, member.In((string[])value)))
        {
            Codes = codes,
        };

    /// <summary>Records with a part whose bounds overlap the days.</summary>
    public static FilterDefinition PartValidAt(PartTable part, string description) =>
        new("validAt", FilterKind.Days, description, value =>
        {
            var (first, last) = ((DateOnly, DateOnly))value;
            return new HasPart(part,
            [
                new Compare(ListDefinition.Earliest.Column, Comparison.AtMost, last),
                new Compare(ListDefinition.Latest.Column, Comparison.AtLeast, first),
            ]);
        });

    public static IEnumerable<FilterDefinition> Evidence(PartTable citations)
    {
        var source = new PartMember(citations, "source_id");
        return
        [
            new("source", FilterKind.Sources, $"Records that cite this source. {Several}.",
                value => new HasPart(source.Part, source.In((string[])value)))
            { Target = ReferenceTarget.Source },
            PartCodes("certainty", new(citations, "certainty"), CodeLists.Certainties,
                "Records with a citation of this certainty. Code list: certainties."),
        ];
    }

    /// <summary>For all resources: records recorded after an instant.</summary>
    public static FilterDefinition UpdatedAfter { get; } =
        new("updatedAfter", FilterKind.Instant,
            "Records whose current version was recorded after this instant (RFC 3339, `2026-11-23T10:00:00Z`).",
            value => new Compare(ListDefinition.RecordedAt.Column, Comparison.More, value));

    /// <summary>from and to: records whose bounds overlap the span, both days included.</summary>
    public static IEnumerable<FilterDefinition> Span(string what) =>
    [
        new("from", FilterKind.FirstDay,
            $"{what} on or after this date (EDTF: `2021`, `2024-08`, `2024-08-16`): `latest` is on or after it.",
            value => new Compare(ListDefinition.Latest.Column, Comparison.AtLeast, value))
        { IsRangeStart = true },
        new("to", FilterKind.LastDay, $"{what} on or before this date (EDTF): `earliest` is on or before it.",
            value => new Compare(ListDefinition.Earliest.Column, Comparison.AtMost, value)),
    ];

    /// <summary>Records that may have held on a day, or on some day of a month or year.</summary>
    public static FilterDefinition ValidAt { get; } =
        new("validAt", FilterKind.Days,
            "Records valid on this date, or on a day of this month or year (EDTF), according to their `earliest` and `latest`.",
            value =>
            {
                var (first, last) = ((DateOnly, DateOnly))value;
                return new DatesOverlap(first, last);
            })
        { IsRangeStart = true };

    public static IEnumerable<FilterDefinition> Range(string name, string column, string description) =>
    [
        Number($"{name}.gte", column, Comparison.AtLeast, $"{description}: at least."),
        Number($"{name}.lte", column, Comparison.AtMost, $"{description}: at most."),
        Number($"{name}.gt", column, Comparison.More, $"{description}: more than."),
        Number($"{name}.lt", column, Comparison.Less, $"{description}: less than."),
    ];

    public static FilterDefinition Boolean(string name, string column, string description) =>
        new(name, FilterKind.Boolean, description, value => new Compare(column, Comparison.Equal, value));

    public static FilterDefinition Box(string name, string longitude, string latitude, string description) =>
        new(name, FilterKind.Box, description, value => new InBox(longitude, latitude, (decimal[])value));

    private static FilterDefinition OfCodes(string name, CodeList codes, string description, Func<string[], Predicate> toPredicate) =>
        new(name, FilterKind.Codes, $"{description} Code list: {codes.Name}. {Several}.", value => toPredicate((string[])value))
        {
            Codes = codes,
        };

    private static FilterDefinition OfActors(string name, string description, Func<string[], Predicate> toPredicate) =>
        new(name, FilterKind.Actors, description, value => toPredicate((string[])value)) { Target = ReferenceTarget.Actor };

    private static FilterDefinition Number(string name, string column, Comparison comparison, string description) =>
        new(name, FilterKind.Number, description, value => new Compare(column, comparison, value));

    private static string ByIdOrIdentifier(string description, bool isRepeatable = false) =>
        $"{description} By id or identifier (`iso3:TJK`). {SeveralOf(isRepeatable)}";

    private static string SeveralOf(bool isRepeatable) => $"{Several}{(isRepeatable ? "; repeat the parameter to match all" : "")}.";
}
