using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.TableMappings;

internal sealed class TradeFlowTable : IEntityTypeConfiguration<TradeFlow>
{
    public void Configure(EntityTypeBuilder<TradeFlow> trade)
    {
        trade.MapRecord(Tables.TradeFlows);
        trade.MapCitations(Tables.TradeFlowCitations);
        trade.Codes(t => t.Flow, CodeLists.Flows);
        trade.Codes(t => t.Frequency, CodeLists.Frequencies);
        trade.Codes(t => t.Type, CodeLists.TradeTypes);
        trade.Codes(t => t.Classification, CodeLists.CommodityClassifications);
        trade.Codes(t => t.Valuation, CodeLists.Valuations);
        trade.Codes(t => t.ObsStatus, CodeLists.ObsStatuses);
        trade.ToTable(t =>
        {
            t.HasCheckConstraint("ck_trade_flows_dates", "earliest <= latest");
            t.HasCheckConstraint("ck_trade_flows_value", "(value is null) = (obs_status = 'M') and value >= 0");
        });
        trade.Reference<Actor>(nameof(TradeFlow.ReporterId));
        trade.Reference<Actor>(nameof(TradeFlow.PartnerId));
        trade.Reference<Source>(nameof(TradeFlow.ClaimSourceId));
        trade.MapFigureKey(t => t.FigureKey);
        trade.HasIndex(t => new { t.Earliest, t.Id });
        trade.HasIndex(t => new { t.ReporterId, t.PartnerId, t.Flow, t.CommodityCode, t.Earliest, t.Id })
            .HasDatabaseName("ix_trade_flows_series");
        trade.HasIndex(t => new { t.PartnerId, t.Earliest, t.Id });
        trade.HasIndex(t => new { t.ReporterId, t.Earliest, t.Id });
        trade.HasIndex(t => new { t.Flow, t.Earliest, t.Id });
        trade.HasIndex(t => new { t.Frequency, t.Earliest, t.Id });
        trade.HasIndex(t => new { t.Classification, t.CommodityCode, t.Earliest, t.Id });
        trade.HasIndex(t => new { t.ObsStatus, t.Earliest, t.Id });
        trade.HasIndex(t => new { t.Latest, t.Id });
        trade.HasIndex(t => t.Value);
        trade.HasIndex(t => t.ClaimSourceId);
    }
}
