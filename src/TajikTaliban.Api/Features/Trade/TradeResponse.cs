using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Json;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Trade;

/// <summary>A trade figure.</summary>
public sealed record TradeResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>The reporting actor.</summary>
    public required string Reporter { get; init; }

    /// <summary>The partner, an actor.</summary>
    public required string Partner { get; init; }

    /// <summary>Comtrade flow code. T is turnover, M + X: never add it to imports or exports.</summary>
    public required string Flow { get; init; }

    /// <summary>The label of the flow.</summary>
    public string FlowLabel => Lists.Flows.LabelOrCode(Flow);

    /// <summary>SDMX time period.</summary>
    public required string Period { get; init; }

    /// <summary>SDMX frequency of the period: A, S, Q, M.</summary>
    [CodesOf("frequencies")]
    public required string Frequency { get; init; }

    /// <summary>The label of the frequency.</summary>
    public string FrequencyLabel => Lists.Frequencies.LabelOrCode(Frequency);

    /// <summary>The first day of the period.</summary>
    public required DateOnly Earliest { get; init; }

    /// <summary>The last day of the period.</summary>
    public required DateOnly Latest { get; init; }

    /// <summary>C goods, S services.</summary>
    public required string Type { get; init; }

    /// <summary>The label of the type.</summary>
    public string TypeLabel => Lists.TradeTypes.LabelOrCode(Type);

    /// <summary>The commodity. TOTAL contains all other codes of the classification.</summary>
    public required TradeCommodityResponse Commodity { get; init; }

    /// <summary>The value, in units of the currency, with all digits of the source; null if missing.</summary>
    public required decimal? Value { get; init; }

    /// <summary>ISO 4217 code of the currency.</summary>
    public required string Currency { get; init; }

    /// <summary>The name of the currency.</summary>
    public string CurrencyLabel => Lists.Currencies.LabelOrCode(Currency);

    /// <summary>CIF or FOB; null if the source does not state it, which for imports usually means CIF and for exports FOB.</summary>
    public required string? Valuation { get; init; }

    /// <summary>The label of the valuation.</summary>
    public string? ValuationLabel => Lists.Valuations.LabelOf(Valuation);

    /// <summary>True if the source states the value as approximate.</summary>
    public required bool Approximate { get; init; }

    /// <summary>SDMX observation status.</summary>
    public required string ObsStatus { get; init; }

    /// <summary>The label of the observation status.</summary>
    public string ObsStatusLabel => Lists.ObsStatuses.LabelOrCode(ObsStatus);

    /// <summary>The sources of the record.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>The version number: 1, and 1 more with each change.</summary>
    public required int Version { get; init; }

    /// <summary>The instant of the commit of this version (UTC), as in its history.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>A commodity.</summary>
public sealed record TradeCommodityResponse
{
    /// <summary>The classification.</summary>
    public required string Classification { get; init; }

    /// <summary>The label of the classification.</summary>
    public string ClassificationLabel => Lists.CommodityClassifications.LabelOrCode(Classification);

    /// <summary>The code in the classification, or TOTAL.</summary>
    public required string Code { get; init; }
}
