using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.TableMappings;

internal sealed class EventTable : IEntityTypeConfiguration<Event>
{
    public void Configure(EntityTypeBuilder<Event> e)
    {
        e.MapRecord(Tables.Events);
        e.MapCitations(Tables.EventCitations);
        e.Codes(x => x.Type, CodeLists.EventTypes);
        e.Codes(x => x.Status, CodeLists.EventStatuses);
        e.Codes(x => x.QuadClass, CodeLists.QuadClasses);
        e.Codes(x => x.PlacePrecision, CodeLists.PlacePrecisions);
        e.Codes(x => x.ViolenceType, CodeLists.ViolenceTypes);
        e.Property(x => x.From).HasColumnName("valid_from");
        e.Property(x => x.To).HasColumnName("valid_to");
        e.ToTable(t =>
        {
            t.HasCheckConstraint("ck_events_dates", "earliest <= latest");
            t.HasCheckConstraint("ck_events_date_or_course", "(date is null) = (valid_from is not null or valid_to is not null)");
            t.HasCheckConstraint("ck_events_coordinates",
                "(latitude is null) = (longitude is null) and latitude between -90 and 90 and longitude between -180 and 180");
            t.HasCheckConstraint("ck_events_deaths", "deaths_low >= 0 and deaths_low <= deaths_best and deaths_best <= deaths_high");
        });
        // (earliest, id, latest) is what participants refer to: the bounds they repeat cannot differ from the event's.
        e.HasIndex(x => new { x.Earliest, x.Id, x.Latest }).IsUnique();
        e.HasIndex(x => new { x.Type, x.Earliest, x.Id });
        e.HasIndex(x => new { x.Cameo, x.Earliest, x.Id });
        e.HasIndex(x => new { x.QuadClass, x.Earliest, x.Id });
        e.HasIndex(x => new { x.Status, x.Earliest, x.Id });
        e.HasIndex(x => new { x.Latest, x.Id });
        e.HasIndex(x => new { x.Latitude, x.Longitude }).HasFilter("latitude is not null");
        e.HasIndex(x => x.DeathsBest).HasFilter("deaths_best is not null");
        e.HasIndex(x => x.ViolenceType).HasFilter("violence_type is not null");

        e.MapParts(x => x.Participants, Tables.EventParticipants, participant =>
        {
            participant.Reference<Actor>(nameof(EventParticipant.ActorId));
            participant.Codes(p => p.Role, CodeLists.ParticipantRoles);
            // made again with more columns, beside those for short and long events, in Storage/Sql/indexes.sql
            participant.HasIndex("ActorId", "Earliest", "EventId", "Role", "Latest").HasDatabaseName("ix_event_participants_walk");
        });
    }
}
