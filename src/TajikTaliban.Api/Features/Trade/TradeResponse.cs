using TajikTaliban.Api.Platform.Evidence;

namespace TajikTaliban.Api.Features.Trade;

/// <summary>One figure of trade.</summary>
public sealed record TradeResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>The actor whose trade it is.</summary>
    public required string Reporter { get; init; }

    /// <summary>The actor traded with.</summary>
    public required string Partner { get; init; }

    /// <summary>Comtrade flow code; T is turnover, M + X. Turnover already holds imports and exports: never add it to them.</summary>
    public required string Flow { get; init; }

    /// <summary>The flow in words.</summary>
    public required string FlowLabel { get; init; }

    /// <summary>SDMX time period.</summary>
    public required string Period { get; init; }

    /// <summary>SDMX frequency of the period: A, S, Q, M.</summary>
    public required string Frequency { get; init; }

    /// <summary>The first day of the period.</summary>
    public required DateOnly Earliest { get; init; }

    /// <summary>The last day of the period.</summary>
    public required DateOnly Latest { get; init; }

    /// <summary>C goods, S services.</summary>
    public required string Type { get; init; }

    /// <summary>What was traded. TOTAL already holds every other code of the classification.</summary>
    public required TradeCommodityResponse Commodity { get; init; }

    /// <summary>The value, in units of the currency, with every digit of the source; null where it is missing.</summary>
    public required decimal? Value { get; init; }

    /// <summary>ISO 4217 code of the currency.</summary>
    public required string Currency { get; init; }

    /// <summary>CIF or FOB.</summary>
    public required string? Valuation { get; init; }

    /// <summary>True where the source says "about".</summary>
    public required bool Approximate { get; init; }

    /// <summary>SDMX observation status.</summary>
    public required string ObsStatus { get; init; }

    /// <summary>The status in words.</summary>
    public required string ObsStatusLabel { get; init; }

    /// <summary>Who says so.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>Counts up from 1 with every change.</summary>
    public required int Version { get; init; }

    /// <summary>When this version was recorded (UTC).</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>What was traded.</summary>
/// <param name="Classification">The classification.</param>
/// <param name="Code">The code in the classification, or TOTAL.</param>
public sealed record TradeCommodityResponse(string Classification, string Code);
