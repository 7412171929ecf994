using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The records of one transaction, read and written one by one.</summary>
/// <param name="context">The context of the transaction.</param>
/// <param name="author">The author of its changes.</param>
public class RecordSession(ApiDbContext context, Author author)
{
    protected RecordWriter Writer { get; } = new(context);

    public ApiDbContext Context => context;

    public NpgsqlConnection Connection => (NpgsqlConnection)context.Database.GetDbConnection();

    public Author Author => author;

    /// <summary>Whether records that the database refuses are written again one by one, so that each gets its problem then.</summary>
    public virtual bool RepeatsRefusedInserts => false;

    /// <summary>The stored record, locked as <see cref="StoredRecords.LockAsync"/> does; null if there is none.</summary>
    public virtual Task<Stored?> LockAsync(RecordKey key, bool toDelete, CancellationToken cancellation) =>
        StoredRecords.LockAsync(Connection, key, toDelete, cancellation);

    public virtual Task<StoredTombstone?> TombstoneOrNullAsync(string table, string id, CancellationToken cancellation) =>
        StoredRecords.TombstoneOrNullAsync(Connection, table, id, cancellation);

    /// <summary>The first of the candidates that no record has or had; null if all are taken.</summary>
    public virtual Task<string?> FreeIdOrNullAsync(string table, IReadOnlyList<string> candidates, CancellationToken cancellation) =>
        StoredRecords.FreeIdOrNullAsync(Connection, table, candidates, cancellation);

    /// <summary>Waits until no other transaction has the turn of this name, and takes it.</summary>
    public virtual Task TakeTurnAsync(string name, CancellationToken cancellation) =>
        StoredRecords.TakeTurnAsync(Connection, name, cancellation);

    /// <summary>The ids of the references that exist; the others are not in the result.</summary>
    public virtual Task<Dictionary<(ReferenceTarget, string), string>> ResolveAsync(
        IReadOnlyCollection<(ReferenceTarget Target, string Text)> references, CancellationToken cancellation) =>
        ReferenceReader.ResolveAsync(Connection, references, null, cancellation);

    /// <summary>The records that identifiers name, by identifier; the others are not in the result.</summary>
    public Task<Dictionary<string, IdentifierHolder>> HoldersAsync(
        ReferenceTarget target, IReadOnlyCollection<string> identifiers, CancellationToken cancellation) =>
        ReferenceReader.HoldersAsync(Connection, target, identifiers, cancellation);

    /// <summary>
    /// The publication dates of those of the sources that have one. The sources are locked: their dates stay until the transaction ends.
    /// </summary>
    public virtual Task<Dictionary<string, PartialDate>> PublishedAsync(
        IReadOnlyCollection<string> sources, CancellationToken cancellation) =>
        PublicationDates.LockAsync(Connection, sources, cancellation);

    /// <summary>Whether a record that does not exist yet will exist when the transaction ends.</summary>
    public virtual bool WillExist(ReferenceTarget target, string id) => false;

    public virtual Task InsertAsync<T>(T record, CancellationToken cancellation)
        where T : Record => Writer.InsertAsync(record, cancellation);

    public Task ReplaceAsync<T>(T record, CancellationToken cancellation)
        where T : Record => Writer.ReplaceAsync(record, cancellation);

    /// <summary>Deletes a record that is locked.</summary>
    public virtual Task DeleteAsync<T>(string id, CancellationToken cancellation)
        where T : Record => Writer.DeleteAsync<T>(id, cancellation);

    /// <summary>
    /// The records that refer to this one, at most <paramref name="limit"/>, and their number. Records that the transaction deletes as well
    /// do not count.
    /// </summary>
    public Task<FoundReferrers> ReferrersAsync<T>(string id, int limit, CancellationToken cancellation)
        where T : Record => Referrers.FindAsync<T>(context, id, Leaving(context.TableOf<T>()), limit, cancellation);

    /// <summary>The ids of the records of a table that the transaction deletes.</summary>
    protected virtual IReadOnlyCollection<string> Leaving(string table) => [];
}
