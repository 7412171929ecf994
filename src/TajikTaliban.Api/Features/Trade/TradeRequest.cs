using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Validation;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Trade;

/// <summary>
/// A trade figure. A source has one figure for the same reporter, partner, flow, period, type, commodity, currency and valuation; a second
/// is a conflict (409), whatever its value. Figures of other sources and claimants stand beside it. `TOTAL` is the same in every
/// classification of goods (HS TOTAL and H5 TOTAL), and in every one of services. A valuation of null counts as the usual one of the flow:
/// CIF for imports, FOB for exports; of turnover and services it is none.
/// </summary>
public sealed record TradeRequest : IRecordRequest
{
    /// <summary>A stable slug (default: made from actors, flow, period and commodity).</summary>
    public string? Id { get; init; }

    /// <summary>The reporting actor, by id or identifier.</summary>
    public required string Reporter { get; init; }

    /// <summary>The partner, an actor, by id or identifier; the reporter itself for goods that come back to it.</summary>
    public required string Partner { get; init; }

    /// <summary>Comtrade flow code: M import, X export …; T is turnover, M + X.</summary>
    public required string Flow { get; init; }

    /// <summary>SDMX time period: 2024, 2024-S1, 2024-Q1, 2024-M08. Years are AD, 1800 to 2100.</summary>
    public required string Period { get; init; }

    /// <summary>C goods, S services (default: C).</summary>
    public string Type { get; init; } = "C";

    /// <summary>The commodity or service (default: all goods, HS TOTAL, or all services, EB TOTAL).</summary>
    public TradeCommodityRequest Commodity
    {
        get => field ?? new() { Classification = CommodityCode.ClassificationOf(Type), Code = CommodityCode.Total };
        init;
    }

    /// <summary>The value, in units of the currency; null only where `obsStatus` is M (missing).</summary>
    public decimal? Value { get; init; }

    /// <summary>ISO 4217 code of the currency.</summary>
    public required string Currency { get; init; }

    /// <summary>CIF or FOB; null if the source does not state it, which for imports usually means CIF and for exports FOB.</summary>
    public string? Valuation { get; init; }

    /// <summary>True if the source states the value as approximate.</summary>
    public bool Approximate { get; init; }

    /// <summary>SDMX observation status (default: A, normal).</summary>
    public string ObsStatus { get; init; } = "A";

    /// <summary>The sources. The first one is the source of the figure.</summary>
    public required IReadOnlyList<CitationRequest> Citations { get; init; }
}

/// <summary>A commodity.</summary>
public sealed record TradeCommodityRequest
{
    /// <summary>The classification.</summary>
    public required string Classification { get; init; }

    /// <summary>The code in the classification, or TOTAL.</summary>
    public required string Code { get; init; }
}

internal sealed class TradeValidator : AbstractValidator<TradeRequest>
{
    public TradeValidator()
    {
        RuleFor(t => t.Id).Slug();
        RuleFor(t => t.Reporter).Reference();
        RuleFor(t => t.Partner).Reference();
        RuleFor(t => t.Flow).Code(Lists.Flows);
        RuleFor(t => t.Period).SdmxPeriod();
        RuleFor(t => t.Type).Code(Lists.TradeTypes);
        RuleFor(t => t.Commodity).ChildRules(commodity =>
        {
            commodity.RuleFor(c => c.Classification).Code(Lists.CommodityClassifications);
            commodity.RuleFor(c => c.Code).MaxLength(10).Custom((code, context) =>
            {
                var classification = context.InstanceToValidate.Classification;
                if (code is not null && Lists.CommodityClassifications.Contains(classification)
                    && !CommodityCode.TryValidate(classification, code, out var error))
                {
                    context.AddFault(error);
                }
            });
        });
        RuleFor(t => t.Commodity).Custom((commodity, context) =>
        {
            var type = context.InstanceToValidate.Type;
            if (Lists.CommodityClassifications.Contains(commodity.Classification) && Lists.TradeTypes.Contains(type)
                && !CommodityCode.Classifies(commodity.Classification, type))
            {
                context.AddFault(new Fault(FaultCode.Contradiction, type == CommodityCode.Services
                        ? "The classification is of goods; services (type S) are in EB, EB02, EB10 or EB10S."
                        : "The classification is of services; for goods (type C) use HS or another classification of goods.",
                        ("value", commodity.Classification), ("with", (string[])["type"])),
                    $"{nameof(TradeRequest.Commodity)}.{nameof(TradeCommodityRequest.Classification)}");
            }
        });
        RuleFor(t => t.Value).GreaterThanOrEqualTo(0).WithFault(Fault.NotNegative);
        RuleFor(t => t.Value).NotNull().When(t => t.ObsStatus != "M")
            .WithFault(Fault.RequiredWith("A value is required unless obsStatus is M (missing).", "obsStatus"));
        RuleFor(t => t.Value).Null().When(t => t.ObsStatus == "M")
            .WithFault(Fault.NotAllowedWith("The value must be null if obsStatus is M (missing).", "obsStatus"));
        RuleFor(t => t.Currency).Code(Lists.Currencies);
        RuleFor(t => t.Valuation).Code(Lists.Valuations);
        RuleFor(t => t.ObsStatus).Code(Lists.ObsStatuses);
        this.MustCite(t => t.Citations);
    }
}
