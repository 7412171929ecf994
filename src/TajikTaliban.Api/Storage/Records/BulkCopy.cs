using System.Collections;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>
/// Writes new records with all their parts by binary COPY, in the transaction of its context. Tables, columns and conversions come from the
/// model, so that the rows are those that <see cref="RecordWriter"/> writes. The constraints of the database apply; the caller makes sure
/// that no record exists yet.
/// </summary>
public sealed class BulkCopy(ApiDbContext context)
{
    /// <summary>Records that one COPY writes: more would not be faster, only take more memory.</summary>
    public const int BatchSize = 10_000;

    private readonly Dictionary<Type, CopyTable[]> _tables = [];

    /// <summary>Commits all of the records, or none of them; returns their number.</summary>
    public static async Task<long> RunAsync(
        NpgsqlDataSource database, IAsyncEnumerable<Record> records, Author author, CancellationToken cancellation)
    {
        await using var context = Database.Context(database);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        await LedgerSession.BeginAsync((NpgsqlConnection)context.Database.GetDbConnection(), author, cancellation);
        var written = await new BulkCopy(context).WriteAsync(records, cancellation);
        await transaction.CommitAsync(cancellation);
        return written;
    }

    /// <summary>Writes the records in their order, which has each after those it refers to; returns their number.</summary>
    public async Task<long> WriteAsync(IAsyncEnumerable<Record> records, CancellationToken cancellation)
    {
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        var batch = new List<Record>(BatchSize);
        var written = 0L;
        await foreach (var record in records.WithCancellation(cancellation))
        {
            if (batch.Count == BatchSize || (batch.Count > 0 && batch[0].GetType() != record.GetType()))
                await FlushAsync();
            batch.Add(record);
        }

        await FlushAsync();
        return written;

        async Task FlushAsync()
        {
            if (batch.Count == 0)
                return;
            foreach (var table in TablesOf(batch[0].GetType()))
                await table.CopyAsync(connection, batch, cancellation);
            written += batch.Count;
            batch.Clear();
        }
    }

    /// <summary>The record's own table first: its parts refer to it.</summary>
    private CopyTable[] TablesOf(Type type)
    {
        ref var tables = ref CollectionsMarshal.GetValueRefOrAddDefault(_tables, type, out _);
        return tables ??= Read(context.Model.FindEntityType(type)
            ?? throw new ArgumentException($"{type} is not of the model.", nameof(type)));
    }

    private static CopyTable[] Read(IEntityType record) =>
    [
        new CopyTable(record, null),
        .. record.GetNavigations().Where(n => n.ForeignKey.IsOwnership).Select(n => new CopyTable(n.TargetEntityType, n)),
    ];

    /// <summary>A table: the record's own, or that of a list inside it.</summary>
    private sealed class CopyTable
    {
        private readonly INavigation? _parts;
        private readonly Column[] _columns;
        private readonly string _copy;

        public CopyTable(IEntityType entity, INavigation? parts)
        {
            if (parts is not null && (!parts.IsCollection || parts.TargetEntityType.GetNavigations().Any(n => n.ForeignKey.IsOwnership)))
                throw new NotSupportedException($"{parts.DeclaringEntityType.DisplayName()}.{parts.Name} is not a plain list of parts.");
            _parts = parts;
            _columns = [.. entity.GetProperties().Select(p => new Column(p, parts?.ForeignKey))];
            _copy = $"copy {entity.GetTableName()} ({string.Join(", ", _columns.Select(c => c.Name))}) from stdin (format binary)";
        }

        public async Task CopyAsync(NpgsqlConnection connection, List<Record> records, CancellationToken cancellation)
        {
            await using var copy = await connection.BeginBinaryImportAsync(_copy, cancellation);
            foreach (var record in records)
            {
                if (_parts is null)
                {
                    await RowAsync(copy, record, record, cancellation);
                }
                else
                {
                    foreach (var part in (IEnumerable)_parts.GetGetter().GetClrValue(record)!)
                        await RowAsync(copy, record, part, cancellation);
                }
            }

            await copy.CompleteAsync(cancellation);
        }

        private async Task RowAsync(NpgsqlBinaryImporter copy, Record record, object row, CancellationToken cancellation)
        {
            await copy.StartRowAsync(cancellation);
            foreach (var column in _columns)
            {
                if (column.ValueOf(record, row) is { } value)
                    await copy.WriteAsync(value, column.Type, cancellation);
                else
                    await copy.WriteNullAsync(cancellation);
            }
        }
    }

    private sealed class Column
    {
        private readonly IClrPropertyGetter _getter;
        private readonly bool _isOwner;
        private readonly Func<object?, object?>? _convert;

        public Column(IProperty property, IForeignKey? ownership)
        {
            var mapping = property.GetRelationalTypeMapping();
            // a part names its record in a column that the class does not have
            _isOwner = ownership?.Properties.Contains(property) == true;
            var source = _isOwner ? property.FindFirstPrincipal()! : property;
            if (source.IsShadowProperty())
            {
                throw new NotSupportedException(
                    $"{property.DeclaringType.DisplayName()}.{property.Name} has no property of a class to be read from.");
            }

            _getter = source.GetGetter();
            _convert = mapping.Converter?.ConvertToProvider;
            Name = property.GetColumnName();
            // "character varying(128)" is how it is made; the type that is sent has no length
            Type = mapping.StoreTypeNameBase;
        }

        public string Name { get; }

        public string Type { get; }

        public object? ValueOf(Record record, object row)
        {
            var value = _getter.GetClrValue(_isOwner ? record : row);
            return _convert is null ? value : _convert(value);
        }
    }
}
