using System.Globalization;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Domain;

/// <summary>A record of one figure.</summary>
public interface IFigure
{
    /// <summary>The <see cref="Domain.FigureKey"/> of the record, which no other record of its table has.</summary>
    string FigureKey { get; }
}

/// <summary>
/// The identity of a figure as one text: measure, breakdowns, subjects, date, source and claimant. Two records with the same key would be
/// one figure counted twice, so that the database refuses the second.
/// </summary>
/// <remarks>
/// What means the same has the same key: subjects in any order; dates of the same days (<c>2024</c> and <c>2024~</c>); the total of all
/// goods in every classification; a valuation that the source does not state and the usual one of the flow. The source is that of the
/// first citation. Value, status and notes are no part of the identity: they may be corrected.
/// </remarks>
public static class FigureKey
{
    private const char Separator = '|';

    /// <summary>A date without an end. No day has this text.</summary>
    private const string Open = "..";

    /// <summary>The key of a trade figure.</summary>
    /// <param name="figure">The figure; its key is not read.</param>
    public static string Of(TradeFlow figure) => string.Join(Separator,
        figure.ReporterId, figure.PartnerId, figure.Flow, figure.Period, figure.Type,
        CommodityCode.IsTotal(figure.Classification, figure.CommodityCode)
            ? CommodityCode.Total : $"{figure.Classification}-{figure.CommodityCode}",
        figure.Currency,
        figure.Valuation
            ?? (figure.Type == CommodityCode.Services ? null : Lists.Flows.FindOrNull(figure.Flow)?.MappingOrNull("valuation")),
        ClaimOf(figure.ClaimSourceId, figure.Citations));

    /// <summary>The key of an observation.</summary>
    /// <param name="figure">The figure; its key is not read.</param>
    public static string Of(Observation figure)
    {
        var date = PartialDate.Parse(figure.Date);
        return string.Join(Separator,
            figure.IndicatorId, string.Join('+', figure.Subjects.Select(s => s.ActorId).Order(StringComparer.Ordinal)),
            Day(date.WrittenEarliest, DateOnly.MinValue), Day(date.WrittenLatest, DateOnly.MaxValue),
            ClaimOf(figure.Citations[0].SourceId, figure.Citations));
    }

    /// <summary>The source of the first citation and, of a claim, who claims.</summary>
    private static string ClaimOf(string source, List<Citation> citations) =>
        citations[0].ClaimantId is { } claimant ? $"{source}{Separator}{claimant}" : source;

    private static string Day(DateOnly day, DateOnly open) =>
        day == open ? Open : day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
