using FluentValidation;
using Microsoft.EntityFrameworkCore;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Mappings;
using TajikTaliban.Api.Storage.Model;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Trade;

internal sealed class TradeMapping : RecordMapping<TradeRequest, TradeFlow, TradeResponse>
{
    public override IValidator<TradeRequest> Validator { get; } = new TradeValidator();

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
        Period = record.Period,
        Frequency = record.Frequency,
        Earliest = record.Earliest,
        Latest = record.Latest,
        Type = record.Type,
        Commodity = new TradeCommodityResponse { Classification = record.Classification, Code = record.CommodityCode },
        Value = record.Value,
        Currency = record.Currency,
        Valuation = record.Valuation,
        Approximate = record.Approximate,
        ObsStatus = record.ObsStatus,
        Citations = record.Citations.ToResponse(),
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    public override IEnumerable<Reference> References(TradeRequest request) =>
    [
        new("/reporter", ReferenceTarget.Actor, request.Reporter),
        new("/partner", ReferenceTarget.Actor, request.Partner),
        .. request.Citations.ToReferences(),
    ];

    public override string NaturalId(TradeFlow record) =>
        RecordId.Slug(record.ReporterId, record.PartnerId, record.Flow, record.Period, record.Type == "S" ? "services" : null,
            record.CommodityCode == Domain.CommodityCode.Total ? null : $"{record.Classification}-{record.CommodityCode}");

    protected override IEnumerable<string?> SearchTexts(TradeFlow record) =>
        [record.ReporterId.Replace('-', ' '), record.PartnerId.Replace('-', ' '), Lists.Flows.LabelOf(record.Flow), record.Period,
            record.CommodityCode];

    public override void Check(TradeFlow record, Errors errors)
    {
        if (record.ReporterId == record.PartnerId)
            errors.Add("/partner", "Reporter and partner must differ.");
    }

    public override async Task FindConflictsAsync(RecordSession session, TradeFlow record, Errors conflicts, CancellationToken cancellation)
    {
        var other = await session.Context.Set<TradeFlow>().AsNoTracking()
            .Where(t => t.ReporterId == record.ReporterId && t.PartnerId == record.PartnerId && t.Flow == record.Flow
                && t.Period == record.Period
                && t.Type == record.Type && t.Classification == record.Classification && t.CommodityCode == record.CommodityCode
                && t.Currency == record.Currency && t.Valuation == record.Valuation && t.ClaimSourceId == record.ClaimSourceId
                && t.Id != record.Id)
            .Select(t => t.Id).FirstOrDefaultAsync(cancellation);
        if (other is not null)
        {
            conflicts.Add("",
                $"The source '{record.ClaimSourceId}' already has this figure: '{other}' (/v1/trade/{other}). A second would double the "
                + "total.");
        }
    }

    public override (string Pointer, string Message)? Explain(string constraint) => constraint == TradeFlowKeys.Natural
        ? ("", "The source already has this figure. A second would double the total.")
        : null;
}
