using FluentValidation;
using Microsoft.EntityFrameworkCore;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Mappings;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Trade;

internal sealed class TradeResource : Resource<TradeRequest, TradeFlow, TradeResponse>
{
    public override string Name => "trade";

    public override string Singular => "TradeFigure";

    public override string Plural => "TradeFigures";

    public override string Description =>
        "Figures of trade between two actors, by period, flow and commodity. Figures of different flows, frequencies and commodity levels hold each "
        + "other: filter on `flow`, `frequency` and `commodity` before adding up.";

    public override ListDefinition List { get; } = new()
    {
        Table = "trade_flows",
        Filters =
        [
            Filters.Actors("reporter", "reporter_id", "Figures of this actor's trade."),
            Filters.Actors("partner", "partner_id", "Figures of trade with this actor."),
            Filters.EitherActor("actor", "reporter_id", "partner_id", "Figures with this actor on either side."),
            Filters.Codes("flow", "flow", Lists.Flows, "Figures of this flow."),
            Filters.Texts("period", "period", "Figures of exactly this SDMX period."),
            Filters.Codes("frequency", "frequency", Lists.Frequencies, "Figures of this frequency."),
            Filters.Codes("type", "type", Lists.TradeTypes, "Goods or services."),
            Filters.Codes("commodity.classification", "classification", Lists.CommodityClassifications, "Figures in this classification."),
            Filters.Texts("commodity.code", "commodity_code", "Figures of this commodity code, or TOTAL."),
            Filters.Codes("currency", "currency", Lists.Currencies, "Figures in this currency."),
            Filters.Codes("valuation", "valuation", Lists.Valuations, "Figures of this valuation."),
            Filters.Codes("obsStatus", "obs_status", Lists.ObsStatuses, "Figures of this status."),
            Filters.Boolean("approximate", "approximate", "Figures that the source gives as approximate, or not."),
            .. Filters.Range("value", "value", "Value, in units of the currency"),
            Filters.ValidAt,
            .. Filters.Span("Figures of periods"),
            .. Filters.Evidence("trade_flow_citations"),
        ],
        SortKeys =
        [
            ListDefinition.Earliest,
            ListDefinition.Latest,
            // numeric's NaN comes after every number: a missing value sorts last
            new("value", "coalesce(r.value, 'NaN'::numeric)", FieldType.Number),
        ],
        DefaultSort = "earliest",
        Facets =
        [
            new("reporter", "r.reporter_id"),
            new("partner", "r.partner_id"),
            new("flow", "r.flow"),
            new("period", "r.period"),
            new("frequency", "r.frequency"),
            new("commodity.classification", "r.classification"),
            new("commodity.code", "r.commodity_code"),
            new("currency", "r.currency"),
            new("obsStatus", "r.obs_status"),
        ],
        Expands = [new("reporter", "actors"), new("partner", "actors"), new("citations.source", "sources")],
        HasDates = true,
    };

    protected override IValidator<TradeRequest> Validator { get; } = new TradeValidator();

    public override TradeFlow ToRecord(TradeRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var period = Period.Parse(request.Period);
        var citations = request.Citations.ToCitations(text => resolve(ReferenceTarget.Source, text)).ToList();
        return new TradeFlow
        {
            Id = id,
            ReporterId = resolve(ReferenceTarget.Actor, request.Reporter),
            PartnerId = resolve(ReferenceTarget.Actor, request.Partner),
            Flow = request.Flow,
            Period = request.Period,
            Frequency = period.Frequency,
            Earliest = period.Earliest,
            Latest = period.Latest,
            Type = request.Type,
            Classification = request.Commodity.Classification,
            CommodityCode = request.Commodity.Code,
            Value = request.Value,
            Currency = request.Currency,
            Valuation = request.Valuation,
            Approximate = request.Approximate,
            ObsStatus = request.ObsStatus,
            ClaimSourceId = citations[0].SourceId,
            Citations = citations,
        };
    }

    public override TradeResponse ToResponse(TradeFlow record) => new()
    {
        Id = record.Id,
        Reporter = record.ReporterId,
        Partner = record.PartnerId,
        Flow = record.Flow,
        FlowLabel = Lists.Flows.LabelOf(record.Flow)!,
        Period = record.Period,
        Frequency = record.Frequency,
        Earliest = record.Earliest,
        Latest = record.Latest,
        Type = record.Type,
        Commodity = new TradeCommodityResponse(record.Classification, record.CommodityCode),
        Value = record.Value,
        Currency = record.Currency,
        Valuation = record.Valuation,
        Approximate = record.Approximate,
        ObsStatus = record.ObsStatus,
        ObsStatusLabel = Lists.ObsStatuses.LabelOf(record.ObsStatus)!,
        Citations = record.Citations.ToResponse(),
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    protected override IEnumerable<Reference> References(TradeRequest request) =>
    [
        new("/reporter", ReferenceTarget.Actor, request.Reporter),
        new("/partner", ReferenceTarget.Actor, request.Partner),
        .. request.Citations.ToReferences(),
    ];

    protected override string NaturalId(TradeFlow record) =>
        RecordId.Slug(record.ReporterId, record.PartnerId, record.Flow, record.Period, record.Type == "S" ? "services" : null,
            record.CommodityCode == Domain.CommodityCode.Total ? null : $"{record.Classification}-{record.CommodityCode}");

    protected override IEnumerable<string?> SearchTexts(TradeFlow record) =>
        [record.ReporterId.Replace('-', ' '), record.PartnerId.Replace('-', ' '), Lists.Flows.LabelOf(record.Flow), record.Period, record.CommodityCode];

    protected override void Check(TradeFlow record, Errors errors)
    {
        if (record.ReporterId == record.PartnerId)
            errors.Add("/partner", "An actor does not trade with itself.");
    }

    protected override async Task FindConflictsAsync(RecordWriter writer, TradeFlow record, Errors conflicts, CancellationToken cancellation)
    {
        var other = await writer.Context.Set<TradeFlow>().AsNoTracking()
            .Where(t => t.ReporterId == record.ReporterId && t.PartnerId == record.PartnerId && t.Flow == record.Flow && t.Period == record.Period
                && t.Type == record.Type && t.Classification == record.Classification && t.CommodityCode == record.CommodityCode
                && t.Currency == record.Currency && t.Valuation == record.Valuation && t.ClaimSourceId == record.ClaimSourceId && t.Id != record.Id)
            .Select(t => t.Id).FirstOrDefaultAsync(cancellation);
        if (other is not null)
            conflicts.Add("", $"The source '{record.ClaimSourceId}' already gives this figure: '{other}' (/v1/trade/{other}). A second would double the total.");
    }

    protected override (string Pointer, string Message)? Explain(string constraint) => constraint == TradeFlowKeys.Natural
        ? ("", "The source already gives this figure. A second would double the total.")
        : null;
}
