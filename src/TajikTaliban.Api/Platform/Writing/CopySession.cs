using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>A prepared session that writes new records of one resource together, by COPY.</summary>
internal sealed class CopySession(
    ApiDbContext context, Author author, IReadOnlySet<(ReferenceTarget, string)> created, IReadOnlyDictionary<string, string[]> deleted)
    : PreparedSession(context, author, created, deleted)
{
    // classes of SQLSTATE
    private const string IntegrityViolation = "23";
    private const string DataException = "22";

    private readonly BulkCopy _copy = new(context);

    /// <summary>New records of one table.</summary>
    private readonly List<Record> _pending = [];

    public override bool RepeatsRefusedInserts => true;

    public override async Task InsertAsync<T>(T record, CancellationToken cancellation)
    {
        Forget<T>(record.Id);
        if (_pending.Count == BulkCopy.BatchSize || (_pending.Count > 0 && _pending[0] is not T))
            await FlushAsync(cancellation);
        _pending.Add(record);
    }

    public override async Task FlushAsync(CancellationToken cancellation)
    {
        if (_pending.Count == 0)
            return;
        try
        {
            await _copy.WriteAsync(_pending.ToAsyncEnumerable(), cancellation);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith(IntegrityViolation, StringComparison.Ordinal)
            || e.SqlState.StartsWith(DataException, StringComparison.Ordinal))
        {
            throw new CopyRefusedException(e);
        }

        _pending.Clear();
    }
}

/// <summary>The database refused one of many records that were written together; written one by one, they show which.</summary>
internal sealed class CopyRefusedException(PostgresException refusal) : Exception(refusal.MessageText, refusal);
