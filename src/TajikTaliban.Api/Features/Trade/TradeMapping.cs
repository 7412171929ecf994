using System.Text.Json.Nodes;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Model;
using CommodityCodes = TajikTaliban.Api.Domain.CommodityCode;

namespace TajikTaliban.Api.Features.Trade;

internal sealed class TradeMapping : RecordMapping<TradeRequest, TradeFlow, TradeResponse>
{
    public override IValidator<TradeRequest> Validator { get; } = new TradeValidator();

    public override TradeFlow ToRecord(TradeRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var period = Period.Parse(request.Period);
        var citations = request.Citations.ToCitations(resolve).ToList();
        var record = new TradeFlow
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
        record.FigureKey = FigureKey.Of(record);
        return record;
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

    public override IEnumerable<Related> Related(TradeFlow record) => [new(ReferenceTarget.Actor, [record.ReporterId, record.PartnerId])];

    public override string NaturalId(TradeFlow record) =>
        RecordId.Slug(record.ReporterId, record.PartnerId, record.Flow, record.Period, record.Type == "S" ? "services" : null,
            record.CommodityCode == CommodityCodes.Total ? null : $"{record.Classification}-{record.CommodityCode}");

    public override IEnumerable<string?> Names(TradeResponse response) => [];

    public override RecordSummary Summarize(TradeResponse response) =>
        new($"{response.Reporter}, {response.Partner}: {response.FlowLabel}, {response.Period}, {response.Commodity.Code}", response.Flow,
            response.FlowLabel);

    protected override IEnumerable<string?> Texts(TradeResponse response) =>
        [response.Reporter, response.Partner, response.FlowLabel, response.Period, response.Commodity.Code];

    public override Task FindConflictsAsync(RecordSession session, TradeFlow record, Errors conflicts, CancellationToken cancellation) =>
        FigureConflicts.FindAsync(session, record, record.ClaimSourceId, id => $"/v1/trade/{id}", conflicts, cancellation);

    public override (string Pointer, Fault Fault)? Explain(string constraint) =>
        FigureConflicts.ExplainOrNull(constraint, Tables.TradeFlows);

    /// <summary>
    /// Shape 2: the total of services is one of EBOPS. Until then the classification of a figure that named none was the Harmonized
    /// System, which classifies goods alone.
    /// </summary>
    protected override IReadOnlyList<Action<JsonObject>> Upgrades =>
    [
        json =>
        {
            if ((string?)json["type"] == CommodityCodes.Services && json["commodity"] is JsonObject commodity
                && (string?)commodity["code"] == CommodityCodes.Total
                && !CommodityCodes.Classifies((string)commodity["classification"]!, CommodityCodes.Services))
            {
                commodity["classification"] = CommodityCodes.ClassificationOf(CommodityCodes.Services);
            }
        },
    ];
}
