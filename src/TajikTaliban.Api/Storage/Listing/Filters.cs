using System.Globalization;
using NpgsqlTypes;
using TajikTaliban.Api.Domain.CodeLists;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>The filters that lists are made of.</summary>
public static class Filters
{
    public static FilterDefinition Codes(string name, string column, CodeList codes, string description) =>
        new(name, FilterKind.Codes, $"{description} Code list: {codes.Name}. Several are separated by commas: any of them.",
            (value, sql) => $"r.{column} {sql.AnyOf((string[])value)}")
        { Codes = codes };

    /// <summary>Codes that are numbers and stored as such.</summary>
    public static FilterDefinition NumberCodes(string name, string column, CodeList codes, string description) =>
        Codes(name, column, codes, description) with
        {
            ToSql = (value, sql) =>
            {
                var numbers = ((string[])value).Select(v => short.Parse(v, CultureInfo.InvariantCulture)).ToArray();
                return $"r.{column} = any({sql.Add(numbers, NpgsqlDbType.Array | NpgsqlDbType.Smallint)})";
            },
        };

    /// <summary>Codes in an array column: any of those given is among them.</summary>
    public static FilterDefinition CodesWithin(string name, string column, CodeList codes, string description) =>
        new(name, FilterKind.Codes, $"{description} Code list: {codes.Name}. Several are separated by commas: any of them.",
            (value, sql) => $"r.{column} && {sql.Add(value, NpgsqlDbType.Array | NpgsqlDbType.Text)}")
        { Codes = codes };

    public static FilterDefinition Texts(string name, string column, string description) =>
        new(name, FilterKind.Texts, $"{description} Several are separated by commas: any of them.",
            (value, sql) => $"r.{column} {sql.AnyOf((string[])value)}");

    /// <summary>An exact text, or, in an array column, one of its members.</summary>
    public static FilterDefinition ExactText(string name, string column, string description, bool within = false) =>
        new(name, FilterKind.Text, description, (value, sql) => within
            ? $"r.{column} @> array[{sql.Add(value, NpgsqlDbType.Text)}]"
            : $"r.{column} = {sql.Add(value, NpgsqlDbType.Text)}");

    public static FilterDefinition Actors(string name, string column, string description) =>
        new(name, FilterKind.Actors, $"{description} By id or identifier (`iso3:TJK`). Several are separated by commas: any of them.",
            (value, sql) => $"r.{column} {sql.AnyOf((string[])value)}");

    /// <summary>An actor in either of two columns.</summary>
    public static FilterDefinition EitherActor(string name, string first, string second, string description) =>
        new(name, FilterKind.Actors,
            $"{description} By id or identifier (`iso3:TJK`). Several are separated by commas: any of them; repeated: all of them.",
            (value, sql) =>
            {
                var any = sql.AnyOf((string[])value);
                return $"(r.{first} {any} or r.{second} {any})";
            })
        { Repeatable = true };

    /// <summary>Members of a part's table.</summary>
    public static FilterDefinition Parts(
        string name, FilterKind kind, string table, string owner, string column, string description, CodeList? codes = null, bool repeatable = false, string? role = null)
    {
        string Matches(object value, SqlParameters sql) =>
            $"p.{column} {sql.AnyOf((string[])value)}{(role is null ? "" : $" and p.role = {sql.Add(role, NpgsqlDbType.Text)}")}";
        return new(name, kind, $"{description} Several are separated by commas: any of them{(repeatable ? "; repeated: all of them" : "")}.",
            (value, sql) => $"r.id in (select p.{owner} from {sql.Table(table)} p where {Matches(value, sql)})")
        {
            Codes = codes,
            Repeatable = repeatable,
            // an offset, even of nothing, keeps it from being made a join of all that match
            OfRecord = (value, sql, id) => $"exists (select from {sql.Table(table)} p where p.{owner} = {id} and {Matches(value, sql)} offset 0)",
        };
    }

    public static IEnumerable<FilterDefinition> Evidence(string citations) =>
    [
        Parts("source", FilterKind.Sources, citations, "record_id", "source_id", "Records that cite this source."),
        Parts("certainty", FilterKind.Codes, citations, "record_id", "certainty", "Records with a citation of this certainty. Code list: certainties.",
            CodeLists.Certainties),
    ];

    /// <summary>Every record: those recorded after an instant.</summary>
    public static FilterDefinition UpdatedAfter { get; } =
        new("updatedAfter", FilterKind.Instant, "Records whose current version was recorded after this instant (RFC 3339, `2026-11-23T10:00:00Z`).",
            (value, sql) => $"r.recorded_at > {sql.Add(value, NpgsqlDbType.TimestampTz)}");

    /// <summary>from and to: records whose bounds overlap the span, the days given included.</summary>
    public static IEnumerable<FilterDefinition> Span(string what) =>
    [
        new("from", FilterKind.FirstDay, $"{what} on or after this date (EDTF: `2021`, `2024-08`, `2024-08-16`): whose `latest` is not before it.",
            (value, sql) => $"r.latest >= {sql.Add(value, NpgsqlDbType.Date)}") { IsRangeStart = true },
        new("to", FilterKind.LastDay, $"{what} on or before this date (EDTF): whose `earliest` is not after it.",
            (value, sql) => $"r.earliest <= {sql.Add(value, NpgsqlDbType.Date)}"),
    ];

    /// <summary>Records that may have held on a day, or on some day of a month or year.</summary>
    public static FilterDefinition ValidAt { get; } =
        new("validAt", FilterKind.Days, "Records that held on this date (EDTF; of a month or a year: on some day of it), as far as their bounds tell.",
            (value, sql) =>
            {
                var (first, last) = ((DateOnly, DateOnly))value;
                return $"daterange(r.earliest, r.latest, '[]') && daterange({sql.Add(first, NpgsqlDbType.Date)}, {sql.Add(last, NpgsqlDbType.Date)}, '[]')";
            })
        { IsRangeStart = true };

    public static IEnumerable<FilterDefinition> Range(string name, string column, string description) =>
    [
        Number($"{name}.gte", column, ">=", $"{description}: at least."),
        Number($"{name}.lte", column, "<=", $"{description}: at most."),
        Number($"{name}.gt", column, ">", $"{description}: more than."),
        Number($"{name}.lt", column, "<", $"{description}: less than."),
    ];

    public static FilterDefinition Boolean(string name, string column, string description) =>
        new(name, FilterKind.Boolean, description, (value, sql) => $"r.{column} = {sql.Add(value, NpgsqlDbType.Boolean)}");

    public static FilterDefinition Box(string name, string longitude, string latitude, string description) =>
        new(name, FilterKind.Box, description, (value, sql) =>
        {
            var edges = (decimal[])value;
            string Edge(int i) => sql.Add(edges[i], NpgsqlDbType.Numeric);
            return $"(r.{longitude} between {Edge(0)} and {Edge(2)} and r.{latitude} between {Edge(1)} and {Edge(3)})";
        });

    private static FilterDefinition Number(string name, string column, string comparison, string description) =>
        new(name, FilterKind.Number, description, (value, sql) => $"r.{column} {comparison} {sql.Add(value, NpgsqlDbType.Numeric)}");
}
