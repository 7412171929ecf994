using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.TableMappings;

internal sealed class SourceTable : IEntityTypeConfiguration<Source>
{
    public void Configure(EntityTypeBuilder<Source> source)
    {
        source.MapRecord(Tables.Sources);
        source.Codes(s => s.Kind, CodeLists.SourceKinds);
        source.ToTable(t => t.HasCheckConstraint("ck_sources_dates", "earliest <= latest"));
        source.Property(s => s.Title).UseCollation(Collations.Names);
        source.HasIndex(s => new { s.Kind, s.Id });
        source.HasIndex(s => new { s.Title, s.Id });
        source.HasIndex(s => new { s.Earliest, s.Id });
        source.HasIndex(s => s.Authors).HasMethod("gin");
        source.HasIndex(s => new { s.Publisher, s.Id });
    }
}
