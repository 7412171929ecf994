namespace TajikTaliban.Api.Storage.Migrations;

/// <summary>
/// An actor's events of a moment of the past are found in indexes alone, as those of now are: all three stretches of the walk know which
/// transaction made a row, and those of the past which one replaced it.
/// </summary>
internal static class PastIndexesSql
{
    public const string Up =
        """
        drop index ix_event_participants_short, ix_event_participants_long;
        create index ix_event_participants_short on event_participants (actor_id, earliest, event_id, latest) include (transaction_id)
            where latest > earliest and latest <= earliest + 366;
        create index ix_event_participants_long on event_participants (actor_id, earliest, event_id, latest) include (transaction_id)
            where latest > earliest + 366;

        drop index ix_event_participants_walk_past, ix_event_participants_short_past, ix_event_participants_long_past;
        create index ix_event_participants_walk_past on event_participants_past (actor_id, earliest, event_id, role, latest)
            include (transaction_id, until_transaction);
        create index ix_event_participants_short_past on event_participants_past (actor_id, earliest, event_id, latest)
            include (transaction_id, until_transaction) where latest > earliest and latest <= earliest + 366;
        create index ix_event_participants_long_past on event_participants_past (actor_id, earliest, event_id, latest)
            include (transaction_id, until_transaction) where latest > earliest + 366;
        """;
}
