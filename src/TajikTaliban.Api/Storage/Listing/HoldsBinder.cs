using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>Writes <see cref="Bounds.In"/> as SQL: whether, and how surely, a row holds in the days that are asked for.</summary>
internal sealed class HoldsBinder(SqlParameters sql, Func<string, string> column)
{
    private readonly string _earliest = column(ListDefinition.Earliest.Column);
    private readonly string _latest = column(ListDefinition.Latest.Column);

    /// <summary>The condition of a question.</summary>
    public string Bind(TimeQuestion question)
    {
        var holds = question.Model.HasCourses ? Wanted(question) : Known(question);
        return question.IsWithin ? $"{holds} and {Within(question)}" : holds;
    }

    /// <summary>How surely a row holds that holds at all, as a number: 1 certainly, 2 possibly, 3 for all that is known.</summary>
    public string Rank(TimeQuestion question) => $"case when {Certain(question)} then 1 when {Known(question)} then 2 else 3 end";

    /// <summary>A rank as its code.</summary>
    public static string Code(string rank) => $"case {rank} when 1 then 'certain' when 2 then 'possible' else 'unknown' end";

    private string Wanted(TimeQuestion question)
    {
        bool Has(Holds holds) => question.Holds.Contains(holds);
        return (Has(Holds.Certain), Has(Holds.Possible), Has(Holds.Unknown)) switch
        {
            (true, true, true) => Outer(question),
            (true, true, false) => Known(question),
            (true, false, false) => Certain(question),
            (false, true, false) => $"{Known(question)} and not ({Certain(question)})",
            (false, true, true) => $"{Outer(question)} and not ({Certain(question)})",
            (true, false, true) => $"{Outer(question)} and (({Certain(question)}) or not ({Known(question)}))",
            // with `not` the database would read the small index of such records once for each part of the condition
            _ => $"{Outer(question)} and ({Known(question)}) is not true",
        };
    }

    private string Certain(TimeQuestion question) =>
        $"{Overlap(question, column(ListDefinition.LatestBegin), column(ListDefinition.EarliestEnd))} and {IsKnown}";

    private string Known(TimeQuestion question) => $"{Overlap(question, _earliest, _latest)} and {IsKnown}";

    /// <summary>Of what is undated nothing is known.</summary>
    private string IsKnown => $"{_earliest} < 'infinity' and {_latest} > '-infinity'";

    private string Outer(TimeQuestion question) =>
        Overlap(question, column(ListDefinition.OuterEarliest), column(ListDefinition.OuterLatest));

    private string Within(TimeQuestion question)
    {
        if (question.Model.HasCourses)
        {
            return All(question, last => $"{column(ListDefinition.OuterLatest)} <= {last}",
                first => $"{column(ListDefinition.OuterEarliest)} >= {first}");
        }

        // an unknown side lies within nothing, though its bound is closed
        string Known(string pattern) => question.Model.DateText is { } text ? $" and {column(text)} not like '{pattern}'" : "";
        // whatever a date begins with lies within days that have no beginning
        var closed = question with
        {
            Days = [.. question.Days.Select(d => new AskedDays(
                d.First is DateOnly first && first == DateOnly.MinValue ? null : d.First,
                d.Last is DateOnly last && last == DateOnly.MaxValue ? null : d.Last))],
        };
        var within = All(closed, last => $"{_latest} <= {last}{Known("%/")}", first => $"{_earliest} >= {first}{Known("/%")}");
        return within.Length > 0 ? within : "true";
    }

    private string Overlap(TimeQuestion question, string begin, string end) =>
        All(question, last => $"{begin} <= {last}", first => $"{end} >= {first}");

    private string All(TimeQuestion question, Func<string, string> ofLast, Func<string, string> ofFirst) =>
        string.Join(" and ", question.Days.SelectMany(d => new[]
        {
            d.Last is null ? null : ofLast(sql.Add(d.Last)),
            d.First is null ? null : ofFirst(sql.Add(d.First)),
        }).OfType<string>());
}
