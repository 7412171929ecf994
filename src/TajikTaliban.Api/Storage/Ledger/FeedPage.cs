using System.Buffers;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>
/// A page of the feed while it is read, and the position where it ended. It keeps a connection until it is disposed of, also while a slow
/// client receives the changes.
/// </summary>
public sealed class FeedPage : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _batch;
    private readonly NpgsqlDataReader _reader;
    private readonly Documents _documents;
    private readonly Position _after;
    private readonly Position _lookedTo;
    private Position _last;
    private Position _beforeLast;
    private int _left;
    private bool _isAtRow;
    private bool _isBegun;
    private bool _isOver;
    private Position _end;
    private bool _more;
    private Change? _current;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);

    /// <param name="rows">The connection, the executed batch, and the reader before the first row.</param>
    /// <param name="documents">Reads the documents of the rows.</param>
    /// <param name="after">The start of the page.</param>
    /// <param name="lookedTo">The rows contain all changes up to here.</param>
    /// <param name="limit">Maximum number of changes; one extra row means that there are more.</param>
    internal FeedPage(
        (NpgsqlConnection Connection, NpgsqlBatch Batch, NpgsqlDataReader Reader) rows, Documents documents, Position after,
        Position lookedTo, int limit)
    {
        (_connection, _batch, _reader) = rows;
        (_documents, _after, _last, _lookedTo, _left) = (documents, after, after, lookedTo, limit);
    }

    /// <summary>
    /// The end of the page: it contains all matching changes up to here. With a filter the end may be after its last change. Available
    /// after all changes were read, or if there are none.
    /// </summary>
    public Position End => _isOver ? _end : throw new InvalidOperationException("The page has unread changes.");

    /// <summary>Whether the ledger has changes after the end.</summary>
    public bool More => _isOver ? _more : throw new InvalidOperationException("The page has unread changes.");

    /// <summary>Whether the rows have the version before each change.</summary>
    internal bool HasBefore { get; init; }

    /// <summary>Whether it has no change.</summary>
    public bool IsEmpty => !_isBegun && !_isAtRow;

    /// <summary>The change that was read last, without its document.</summary>
    public Change Current => _current ?? throw new InvalidOperationException("No change has been read.");

    /// <summary>The document of the change that was read last; null where the record is gone. It is lent until the next is read.</summary>
    public ReadOnlyMemory<byte>? Document { get; private set; }

    internal async Task BeginAsync(CancellationToken cancellation) => _isAtRow = await FindRowAsync(cancellation);

    /// <summary>Moves to the next change.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        if (_isBegun)
            _isAtRow = await FindRowAsync(cancellation);
        _isBegun = true;
        if (!_isAtRow)
            return false;
        _current = LedgerRows.Change(_reader, _current, null);
        Document = await _reader.IsDBNullAsync(LedgerRows.DocumentColumn, cancellation)
            ? (ReadOnlyMemory<byte>?)null : _documents.Lend(_reader, LedgerRows.DocumentColumn, _current.Table, ref _buffer);
        if (HasBefore)
            _current = _current with { Before = _documents.ReadOrNull(_reader, LedgerRows.BeforeColumn, _current.Table) };
        _beforeLast = _last;
        _last = _current.Position;
        _left--;
        return true;
    }

    /// <summary>Ends the page with the change that was read last: enough bytes were read.</summary>
    public void EndHere()
    {
        if (!_isOver)
            (_isOver, _end, _more) = (true, _last, true);
    }

    /// <summary>Ends the page before the change that was read last.</summary>
    public void EndBefore()
    {
        _last = _beforeLast;
        (_isOver, _end, _more) = (true, _last, true);
    }

    public async ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        await _reader.DisposeAsync();
        await _batch.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async ValueTask<bool> FindRowAsync(CancellationToken cancellation)
    {
        if (_isOver)
            return false;
        var isRow = await _reader.ReadAsync(cancellation);
        // within a transaction it is the plan alone that reads them in order
        if (isRow && !_last.IsBefore(_reader.GetInt64(0), _reader.GetInt64(2)))
            throw new InvalidOperationException("The changes of the page are out of order.");
        if (isRow && _left > 0)
            return true;
        _isOver = true;
        (_end, _more) = isRow ? (_last, true)
            // the rows were read later than the end position and may exceed it
            : _last.Number > _lookedTo.Number ? (_last.Whole, false)
            : (_lookedTo, false);
        _more |= _end.Number - _after.Number >= FeedReader.MaxTransactions;
        return false;
    }
}
