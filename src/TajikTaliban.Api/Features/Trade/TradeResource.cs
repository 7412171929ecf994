using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Model;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Trade;

internal sealed class TradeResource : Resource<TradeRequest, TradeResponse>
{
    public override string Name => "trade";

    public override string Singular => "TradeFigure";

    public override string Plural => "TradeFigures";

    public override string Description =>
        "Figures of trade between two actors, by period, flow and commodity. Figures of different flows, frequencies and commodity levels "
        + "overlap: filter on `flow`, `frequency` and `commodity` before adding them up.";

    public override string TagDescription =>
        "Trade between two actors by period, flow and commodity. Turnover (`T`) already contains imports and exports.";

    public override ResourceExample Example => TradeExample.Record;

    public override ListDefinition List { get; } = new()
    {
        Table = Tables.TradeFlows,
        Filters =
        [
            Filters.Ids(ReferenceTarget.TradeFlow),
            Filters.Actors("reporter", "reporter_id", "Figures with this actor as reporter."),
            Filters.Actors("partner", "partner_id", "Figures with this actor as partner."),
            .. Filters.AnyAndAll(
                Filters.EitherActor("actor", "reporter_id", "partner_id", "Figures with this actor on either side.")),
            Filters.Codes("flow", "flow", Lists.Flows, "Figures of this flow."),
            Filters.Texts("period", "period", "Figures for exactly this SDMX period.",
                (period, _) => Period.TryParse(period, out var _, out var error) ? null : error),
            Filters.Codes("frequency", "frequency", Lists.Frequencies, "Figures of this frequency."),
            Filters.Codes("type", "type", Lists.TradeTypes, "Goods or services."),
            Filters.Codes("commodity.classification", "classification", Lists.CommodityClassifications, "Figures in this classification."),
            Filters.Texts("commodity.code", "commodity_code", "Figures of this commodity code, or TOTAL.", CommodityCodeError),
            Filters.Codes("currency", "currency", Lists.Currencies, "Figures in this currency."),
            Filters.Codes("valuation", "valuation", Lists.Valuations, "Figures with this valuation."),
            Filters.Codes("obsStatus", "obs_status", Lists.ObsStatuses, "Figures with this status."),
            Filters.Boolean("approximate", "approximate", "Whether the source states the figure as approximate."),
            .. Filters.Range("value", "value", "Value, in units of the currency"),
            .. Filters.Time("Figures for periods", TimeModel.Periods),
            .. Filters.Evidence(Tables.TradeFlowCitations),
            .. Filters.Missing(("value", new IsNull("value")), ("valuation", new IsNull("valuation"))),
        ],
        SortKeys =
        [
            ListDefinition.FirstOfPeriod,
            ListDefinition.LastOfPeriod,
            new("value", "value", FieldType.Number) { Missing = MissingValue.Highest },
        ],
        DefaultSort = "earliest",
        Facets =
        [
            new ColumnFacet("reporter", "reporter_id"),
            new ColumnFacet("partner", "partner_id"),
            new ColumnFacet("flow", "flow"),
            new ColumnFacet("period", "period"),
            new ColumnFacet("frequency", "frequency"),
            new ColumnFacet("commodity.classification", "classification"),
            new ColumnFacet("commodity.code", "commodity_code"),
            new ColumnFacet("currency", "currency"),
            new ColumnFacet("obsStatus", "obs_status"),
        ],
        KeptBy = new EitherFacet("actor", "reporter_id", "partner_id"),
        Expands = [new("reporter", Tables.Actors), new("partner", Tables.Actors), new("citations.source", Tables.Sources),
            new("citations.claimant", Tables.Actors)],
        Time = TimeModel.Periods,
    };

    /// <summary>
    /// Null where a classification has such codes: one of those that are asked for, or any. Otherwise the sentence of a body in the first.
    /// </summary>
    private static Fault? CommodityCodeError(string code, Func<string, IReadOnlyList<string>> sent)
    {
        var types = sent("type");
        var asked = sent("commodity.classification");
        Fault? first = null;
        foreach (var classification in asked.Count > 0 ? asked : Lists.CommodityClassifications.Values)
        {
            if (asked.Count == 0 && types.Count > 0 && !types.Any(t => CommodityCode.Classifies(classification, t)))
                continue;
            if (CommodityCode.TryValidate(classification, code, out var error))
                return null;
            first ??= error;
        }

        return first;
    }
}
