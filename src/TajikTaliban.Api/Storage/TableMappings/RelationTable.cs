using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.TableMappings;

internal sealed class RelationTable : IEntityTypeConfiguration<Relation>
{
    public void Configure(EntityTypeBuilder<Relation> relation)
    {
        relation.MapRecord(Tables.Relations);
        relation.MapCitations(Tables.RelationCitations);
        relation.Codes(r => r.Type, CodeLists.RelationTypes);
        relation.Codes(r => r.Stance, CodeLists.Stances);
        relation.Property(r => r.From).HasColumnName("valid_from");
        relation.Property(r => r.To).HasColumnName("valid_to");
        relation.Reference<Actor>(nameof(Relation.SubjectId));
        relation.Reference<Actor>(nameof(Relation.ObjectId));
        relation.ToTable(t =>
        {
            t.HasCheckConstraint("ck_relations_dates", "earliest <= latest");
            t.HasCheckConstraint("ck_relations_parties", "subject_id <> object_id");
        });
        relation.HasIndex(r => new { r.Earliest, r.Id });
        relation.HasIndex(r => new { r.SubjectId, r.Earliest, r.Id });
        relation.HasIndex(r => new { r.ObjectId, r.Earliest, r.Id });
        relation.HasIndex(r => new { r.Type, r.Earliest, r.Id });
        relation.HasIndex(r => new { r.Stance, r.Earliest, r.Id });
        relation.HasIndex(r => new { r.Latest, r.Id });
    }
}
