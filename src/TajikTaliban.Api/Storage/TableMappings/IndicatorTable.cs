using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.TableMappings;

internal sealed class IndicatorTable : IEntityTypeConfiguration<Indicator>
{
    public void Configure(EntityTypeBuilder<Indicator> indicator)
    {
        indicator.MapRecord(Tables.Indicators);
        indicator.MapCitations(Tables.IndicatorCitations);
        indicator.Property(i => i.Name).UseCollation(Collations.Names);
        indicator.Property(i => i.Unit).UseCollation(Collations.Names);
        indicator.HasIndex(i => new { i.Name, i.Id });
        indicator.HasIndex(i => new { i.Unit, i.Id });
    }
}

internal sealed class ObservationTable : IEntityTypeConfiguration<Observation>
{
    public void Configure(EntityTypeBuilder<Observation> observation)
    {
        observation.MapRecord(Tables.Observations);
        observation.MapCitations(Tables.ObservationCitations);
        observation.Codes(o => o.ObsStatus, CodeLists.ObsStatuses);
        observation.Reference<Indicator>(nameof(Observation.IndicatorId));
        observation.ToTable(t =>
        {
            t.HasCheckConstraint("ck_observations_dates", "earliest <= latest");
            t.HasCheckConstraint("ck_observations_value", "(value is null) = (obs_status = 'M')");
        });
        observation.MapFigureKey(o => o.FigureKey);
        observation.HasIndex(o => new { o.IndicatorId, o.Earliest, o.Id });
        observation.HasIndex(o => new { o.IndicatorId, o.Latest, o.Id });
        observation.HasIndex(o => new { o.IndicatorId, o.Value });
        observation.HasIndex(o => new { o.IndicatorId, o.ObsStatus, o.Earliest, o.Id });

        observation.MapParts(o => o.Subjects, Tables.ObservationSubjects, subject =>
        {
            subject.Reference<Actor>(nameof(ObservationSubject.ActorId));
            subject.HasIndex("ActorId", "ObservationId").IsUnique();
        });
    }
}
