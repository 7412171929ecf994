using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>The last position of each resource, as far as this service knows: what was read of it since then is as it is now.</summary>
public sealed class LastChanges(CommitInstants instants)
{
    private readonly Lock _changing = new();
    private State _state = new(0, 0, 0, new Dictionary<string, long>());
    private long _expected;

    /// <summary>Whether nobody follows the ledger: another database may take the place of this one, and nobody would tell.</summary>
    private volatile bool _isAway;

    /// <summary>How far the ledger is known. What is read later reflects at least this.</summary>
    public Mark Now
    {
        get
        {
            var state = Volatile.Read(ref _state);
            return new Mark(state.History, state.End);
        }
    }

    /// <summary>Whether this service has committed a write up to which the ledger is not known yet.</summary>
    public bool AwaitsOwnWrite => Volatile.Read(ref _state).End < Volatile.Read(ref _expected);

    /// <summary>Whether none of some tables was changed since a mark; null is any table.</summary>
    public bool AreUnchangedSince(Mark mark, IReadOnlyList<string>? tables)
    {
        var state = Volatile.Read(ref _state);
        if (_isAway || mark.History != state.History || state.End < Volatile.Read(ref _expected))
            return false;
        if (tables is null)
            return mark.Number == state.End;
        foreach (var table in tables)
        {
            if (mark.Number < state.OfOthers || (state.OfTables.TryGetValue(table, out var last) && mark.Number < last))
                return false;
        }

        return true;
    }

    /// <summary>A write of this service was committed: until the ledger is known to its position, nothing counts as unchanged.</summary>
    public void Expect(Position written)
    {
        var before = Volatile.Read(ref _expected);
        while (before < written.Number)
        {
            var seen = Interlocked.CompareExchange(ref _expected, written.Number, before);
            if (seen == before)
                return;
            before = seen;
        }
    }

    /// <summary>
    /// Another server may have taken over, without a commit that a standby had shown before the primary acknowledged it: nothing that was
    /// read before, or is read until the ledger is followed again, counts as unchanged.
    /// </summary>
    internal void Forget()
    {
        lock (_changing)
        {
            _isAway = true;
            instants.Close();
            Volatile.Write(ref _state, _state with { History = _state.History + 1 });
        }
    }

    /// <summary>The ledger goes on to a position.</summary>
    /// <param name="end">The position.</param>
    /// <param name="touched">The tables that changed; null if any may have.</param>
    /// <param name="isOfAnotherHistory">Whether the database was restored: what was read before is of another history.</param>
    internal void GoOn(Position end, IEnumerable<string>? touched, bool isOfAnotherHistory)
    {
        lock (_changing)
        {
            var state = _state;
            var mayBeAnother = isOfAnotherHistory || _isAway;
            _isAway = false;
            instants.Open(mayBeAnother);
            var ofTables = touched is null || isOfAnotherHistory ? [] : new Dictionary<string, long>(state.OfTables);
            foreach (var table in touched ?? [])
                ofTables[table] = end.Number;
            if (isOfAnotherHistory)
                Volatile.Write(ref _expected, 0);
            Volatile.Write(ref _state, new State(
                state.History + (mayBeAnother ? 1 : 0), end.Number, touched is null ? end.Number : state.OfOthers, ofTables));
        }
    }

    /// <summary>How far the ledger was known when something was read.</summary>
    /// <param name="History">Counts the restores of the database, and the times at which another server may have taken over.</param>
    /// <param name="Number">The number of the position.</param>
    public readonly record struct Mark(long History, long Number);

    /// <param name="History">Counts the restores of the database, and the times at which another server may have taken over.</param>
    /// <param name="End">The number of the newest position.</param>
    /// <param name="OfOthers">The last position that any table may have been changed at.</param>
    /// <param name="OfTables">The last position of each table that was changed since.</param>
    private sealed record State(long History, long End, long OfOthers, IReadOnlyDictionary<string, long> OfTables);
}
