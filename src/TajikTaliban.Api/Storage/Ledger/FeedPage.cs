using System.Buffers;
using Npgsql;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>
/// Changes that are being read, and the place where they end. It holds a connection until it is disposed of, so whoever passes the changes on
/// to somebody slow keeps them meanwhile.
/// </summary>
public sealed class FeedPage : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _batch;
    private readonly NpgsqlDataReader _reader;
    private Position _last;
    private int _left;
    private bool _isAtRow;
    private bool _isBegun;
    private Change? _current;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);

    internal FeedPage(NpgsqlConnection connection, NpgsqlBatch batch, NpgsqlDataReader reader, Position after, Position end, bool more, int limit) =>
        (_connection, _batch, _reader, _last, End, More, _left) = (connection, batch, reader, after, end, more, limit);

    /// <summary>
    /// Where the page ends: everything up to here that was asked for is in it. With a filter that may be further than its last change.
    /// </summary>
    public Position End { get; }

    /// <summary>Whether the ledger went on after the end when the page was opened.</summary>
    public bool More { get; }

    /// <summary>Whether it has no change.</summary>
    public bool IsEmpty => !_isBegun && !_isAtRow;

    /// <summary>The change that was read last, without its document.</summary>
    public Change Current => _current ?? throw new InvalidOperationException("Nothing has been read.");

    /// <summary>The document of the change that was read last; null where the record is gone. It is lent until the next is read.</summary>
    public ReadOnlyMemory<byte>? Document { get; private set; }

    internal async Task BeginAsync(CancellationToken cancellation) => _isAtRow = await FindRowAsync(cancellation);

    /// <summary>Goes to the next change, or to the first.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        if (_isBegun)
            _isAtRow = await FindRowAsync(cancellation);
        _isBegun = true;
        if (!_isAtRow)
            return false;
        _current = LedgerReader.Read(_reader, _current, null);
        Document = ReadDocument();
        _last = _current.Position;
        _left--;
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        await _reader.DisposeAsync();
        await _batch.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private ReadOnlyMemory<byte>? ReadDocument()
    {
        if (_reader.IsDBNull(LedgerReader.DocumentColumn))
            return null;
        var length = (int)_reader.GetBytes(LedgerReader.DocumentColumn, 0, null, 0, 0);
        if (length > _buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        _reader.GetBytes(LedgerReader.DocumentColumn, 0, _buffer, 0, length);
        return _buffer.AsMemory(0, length);
    }

    private async ValueTask<bool> FindRowAsync(CancellationToken cancellation)
    {
        var isRow = await _reader.ReadAsync(cancellation);
        if (isRow && !_last.IsBefore(_reader.GetInt64(0), _reader.GetInt64(2)))
            throw OutOfOrder();
        // what was committed after the end was fixed is left to the next page
        if (isRow && !End.IsBefore(_reader.GetInt64(0), _reader.GetInt64(2)))
            return true;
        // The statement that fixed the end put all places in order and counted to it. As many came, each after the one before, the last of
        // them at the end: they are the same.
        return End.Change is not null && More && (_left > 0 || _last != End) ? throw OutOfOrder() : false;
    }

    private static InvalidOperationException OutOfOrder() => new("The changes of a page were not read in their order.");
}
