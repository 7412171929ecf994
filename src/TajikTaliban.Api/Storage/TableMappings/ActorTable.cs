using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.TableMappings;

internal sealed class ActorTable : IEntityTypeConfiguration<Actor>
{
    public void Configure(EntityTypeBuilder<Actor> actor)
    {
        actor.MapRecord(Tables.Actors);
        actor.MapCitations(Tables.ActorCitations);
        actor.Codes(a => a.Type, CodeLists.ActorTypes);
        actor.Property(a => a.Name).UseCollation(Collations.Names);
        actor.HasIndex(a => new { a.Type, a.Id });
        actor.HasIndex(a => new { a.Name, a.Id });
        actor.HasIndex(a => a.Sectors).HasMethod("gin");
        actor.Property(a => a.Referents).HasDefaultValueSql("'{}'");

        actor.MapParts(a => a.Names, Tables.ActorNames, name => name.Codes(n => n.Kind, CodeLists.NameKinds));
        actor.MapParts(a => a.Identifiers, Tables.ActorIdentifiers, identifier =>
        {
            identifier.HasIndex(i => new { i.Scheme, i.Value }).IsUnique();
            identifier.Property(i => i.Scheme).UseCollation("C");
            identifier.Property(i => i.Value).UseCollation("C");
        });
        actor.MapParts(a => a.Statuses, Tables.ActorStatuses, status =>
        {
            status.Property(s => s.From).HasColumnName("valid_from");
            status.Property(s => s.To).HasColumnName("valid_to");
            status.Reference<Actor>(nameof(ActorStatus.ById));
            status.HasIndex("Status", "ActorId");
            status.Codes(s => s.Status, CodeLists.ActorStatuses);
            status.ToTable(t => t.HasCheckConstraint("ck_actor_statuses_dates", "earliest <= latest"));
        });
    }
}
