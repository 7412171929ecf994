namespace TajikTaliban.Api.Domain;

/// <summary>One figure of trade: reporter, partner, flow, commodity, period.</summary>
public sealed class TradeFlow : CitedRecord, IFigure
{
    public required string ReporterId { get; set; }

    public required string PartnerId { get; set; }

    /// <summary>Comtrade flow code, or T: turnover, M + X.</summary>
    public required string Flow { get; set; }

    /// <summary>SDMX time period.</summary>
    public required string Period { get; set; }

    public required string Frequency { get; set; }

    public DateOnly Earliest { get; set; }

    public DateOnly Latest { get; set; }

    /// <summary>C goods, S services.</summary>
    public required string Type { get; set; }

    public required string Classification { get; set; }

    public required string CommodityCode { get; set; }

    /// <summary>In units of the currency; null where the status is M (missing).</summary>
    public decimal? Value { get; set; }

    public required string Currency { get; set; }

    public string? Valuation { get; set; }

    public bool Approximate { get; set; }

    public required string ObsStatus { get; set; }

    /// <summary>The source of the first citation: two sources may give two figures for the same thing, one source gives one.</summary>
    public required string ClaimSourceId { get; set; }

    public string FigureKey { get; set; } = "";
}
