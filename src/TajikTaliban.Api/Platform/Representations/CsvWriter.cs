using System.Buffers;
using System.Text;
using System.Text.Json;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>
/// Writes documents as rows. A document is parsed once; its values stay where they are in it, as chains of segments, one chain a slot,
/// until the row is written in the order of the columns. Nothing is allocated for a row or a cell.
/// </summary>
internal sealed class CsvWriter : IRecordSetWriter
{
    private static readonly SearchValues<byte> Quoted = SearchValues.Create(",\"\r\n"u8);
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(";|\\"u8);
    private static readonly SearchValues<byte> OfFormulas = SearchValues.Create("=+-@\t\r"u8);

    private readonly CsvTable _table;
    private readonly RecordNames _names;
    private readonly IBufferWriter<byte> _output;
    private readonly bool _isExcel;

    private readonly int[] _heads;
    private readonly int[] _tails;
    private readonly Separator[] _pending;
    private Segment[] _segments = new Segment[256];
    private byte[]?[] _texts = new byte[]?[256];
    private int _segmentCount;

    /// <summary>Texts without the escapes that they have in the document.</summary>
    private byte[] _unescaped = new byte[4096];
    private int _unescapedLength;

    private byte[] _row = new byte[16 * 1024];
    private int _rowLength;

    public CsvWriter(CsvTable table, RecordNames names, IBufferWriter<byte> output, bool isExcel)
    {
        (_table, _names, _output, _isExcel) = (table, names, output, isExcel);
        (_heads, _tails, _pending) = (new int[table.Slots], new int[table.Slots], new Separator[table.Slots]);
        if (isExcel)
            _output.Write("\ufeff"u8);
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (i > 0)
                Put((byte)',');
            var start = _rowLength;
            Put(Encoding.UTF8.GetBytes(table.Columns[i].Name));
            EndCell(start, true);
        }

        EndRow();
    }

    /// <summary>
    /// ZERO WIDTH SPACE. As an invisible prefix it makes spreadsheets treat a cell as text. Alternatives fail: LibreOffice shows an
    /// apostrophe, parses text after a space as a number, and treats a tab as the start of a formula.
    /// </summary>
    private static ReadOnlySpan<byte> Shield => "\u200b"u8;

    private enum Separator : byte
    {
        None,
        Member,
        InnerMember,
    }

    private enum Source : byte
    {
        /// <summary>A part of the document.</summary>
        Document,
        Unescaped,

        /// <summary>A text of its own: a name.</summary>
        Text,
    }

    public void Add(ReadOnlySpan<byte> document)
    {
        _heads.AsSpan().Fill(-1);
        _pending.AsSpan().Clear();
        (_segmentCount, _unescapedLength) = (0, 0);
        var json = new Utf8JsonReader(document);
        json.Read();
        Read(ref json, _table.Root, 0);
        var columns = _table.Columns;
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0)
                Put((byte)',');
            var start = _rowLength;
            var column = columns[i];
            switch (column.Cell)
            {
                case CsvCell.Field:
                    PutField(document, column);
                    break;
                case CsvCell.Citation:
                    PutCitations(document);
                    break;
                default:
                    PutPermalink(document);
                    break;
            }

            EndCell(start, column.IsText);
        }

        EndRow();
    }

    public void Complete(RecordSetEnd end)
    {
        // a table has nothing after its last row: the framing and the trailers have its end
    }

    private void Read(ref Utf8JsonReader json, CsvField field, int lists)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                var next = 0;
                while (json.Read() && json.TokenType != JsonTokenType.EndObject)
                {
                    var below = BelowOrNull(ref json, field, ref next);
                    json.Read();
                    if (below is null)
                        json.Skip();
                    else
                        Read(ref json, below, lists);
                }

                break;
            case JsonTokenType.StartArray:
                var separator = lists == 0 ? Separator.Member : Separator.InnerMember;
                for (var i = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
                {
                    var before = _segmentCount;
                    if (i > 0)
                    {
                        foreach (var slot in field.Slots)
                            _pending[slot] = separator;
                    }

                    Read(ref json, field, lists + 1);
                    // each column has as many members
                    foreach (var slot in field.Slots)
                    {
                        if (_heads[slot] < 0 || _tails[slot] < before)
                            Append(slot, Source.Document, 0, 0);
                    }
                }

                break;
            case JsonTokenType.Null:
                break;
            default:
                ReadValue(ref json, field.Slot!);
                break;
        }
    }

    /// <summary>Fields mostly come in the order of the columns.</summary>
    private static CsvField? BelowOrNull(ref Utf8JsonReader json, CsvField field, ref int next)
    {
        var below = field.Below;
        for (var i = 0; i < below.Count; i++)
        {
            var index = next + i < below.Count ? next + i : next + i - below.Count;
            if (json.ValueTextEquals(below[index].Name))
            {
                next = index + 1 < below.Count ? index + 1 : 0;
                return below[index];
            }
        }

        return null;
    }

    private void ReadValue(ref Utf8JsonReader json, CsvSlot slot)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            Append(slot.Index, Source.Document, (int)json.TokenStartIndex, json.ValueSpan.Length);
        }
        else if (!json.ValueIsEscaped)
        {
            Append(slot.Index, Source.Document, (int)json.TokenStartIndex + 1, json.ValueSpan.Length);
        }
        else
        {
            if (_unescaped.Length - _unescapedLength < json.ValueSpan.Length)
                Array.Resize(ref _unescaped, (_unescaped.Length * 2) + json.ValueSpan.Length);
            var length = json.CopyString(_unescaped.AsSpan(_unescapedLength));
            Append(slot.Index, Source.Unescaped, _unescapedLength, length);
            _unescapedLength += length;
        }

        if (slot.Table is not null && _names.OfOrNull(slot.Table, json.ValueSpan) is { } name)
        {
            Append(slot.Name, Source.Text, 0, name.Length);
            _texts[_segmentCount - 1] = name;
        }
    }

    private void Append(int slot, Source source, int start, int length)
    {
        if (_segmentCount == _segments.Length)
        {
            Array.Resize(ref _segments, _segmentCount * 2);
            Array.Resize(ref _texts, _segmentCount * 2);
        }

        var segment = _segmentCount++;
        _segments[segment] = new Segment(start, length, source, _pending[slot]);
        _pending[slot] = Separator.None;
        if (_heads[slot] < 0)
            _heads[slot] = segment;
        else
            _segments[_tails[slot]].Next = segment;
        _tails[slot] = segment;
    }

    private ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> document, int segment)
    {
        ref var s = ref _segments[segment];
        return s.Source switch
        {
            Source.Document => document.Slice(s.Start, s.Length),
            Source.Unescaped => _unescaped.AsSpan(s.Start, s.Length),
            _ => _texts[segment],
        };
    }

    private void PutField(ReadOnlySpan<byte> document, CsvColumn column)
    {
        var isList = column.IsList;
        var other = column.Fallback < 0 ? -1 : _heads[column.Fallback];
        var segment = _heads[column.Slot];
        if (segment < 0)
            segment = other;
        while (segment >= 0)
        {
            var text = TextOf(document, segment);
            if (text.Length == 0 && other >= 0)
                text = TextOf(document, other);
            switch (_segments[segment].Separator)
            {
                case Separator.Member:
                    Put("; "u8);
                    break;
                case Separator.InnerMember:
                    Put(" | "u8);
                    break;
            }

            if (isList)
                PutMember(text);
            else
                Put(text);
            segment = _segments[segment].Next;
            if (other >= 0)
                other = _segments[other].Next;
        }
    }

    private void PutMember(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny(Escaped) is >= 0 and var at)
        {
            Put(text[..at]);
            Put((byte)'\\');
            Put(text[at]);
            text = text[(at + 1)..];
        }

        Put(text);
    }

    /// <summary>Each as <c>source, locator (certainty)</c>.</summary>
    private void PutCitations(ReadOnlySpan<byte> document)
    {
        var source = _heads[_table.CitationSource.Slot];
        var id = _table.CitationSource.Fallback < 0 ? -1 : _heads[_table.CitationSource.Fallback];
        var locator = _heads[_table.CitationLocator];
        var certainty = _heads[_table.CitationCertainty.Slot];
        var code = _table.CitationCertainty.Fallback < 0 ? -1 : _heads[_table.CitationCertainty.Fallback];
        for (var isFirst = true; source >= 0; isFirst = false)
        {
            if (!isFirst)
                Put("; "u8);
            PutOneOf(document, source, id);
            if (locator >= 0 && _segments[locator].Length > 0)
            {
                Put(", "u8);
                Put(TextOf(document, locator));
            }

            Put(" ("u8);
            PutOneOf(document, certainty, code);
            Put((byte)')');
            (source, id, locator, certainty, code) = (Next(source), Next(id), Next(locator), Next(certainty), Next(code));
        }
    }

    private void PutOneOf(ReadOnlySpan<byte> document, int segment, int other) =>
        Put(TextOf(document, segment < 0 || (_segments[segment].Length == 0 && other >= 0) ? other : segment));

    private int Next(int segment) => segment < 0 ? -1 : _segments[segment].Next;

    private void PutPermalink(ReadOnlySpan<byte> document)
    {
        foreach (var (text, slot) in _table.Permalink)
            Put(slot < 0 ? text : TextOf(document, _heads[slot]));
    }

    /// <summary>Shields and quotes the text from <paramref name="start"/> on.</summary>
    private void EndCell(int start, bool isText)
    {
        if (!isText || _rowLength == start)
            return;
        if (_isExcel && OfFormulas.Contains(_row[start]))
        {
            Grow(Shield.Length);
            _row.AsSpan(start, _rowLength - start).CopyTo(_row.AsSpan(start + Shield.Length));
            Shield.CopyTo(_row.AsSpan(start));
            _rowLength += Shield.Length;
        }

        var cell = _row.AsSpan(start, _rowLength - start);
        if (!cell.ContainsAny(Quoted))
            return;
        var quotes = cell.Count((byte)'"');
        Grow(quotes + 2);
        var to = _rowLength + quotes + 1;
        _row[to] = (byte)'"';
        for (var from = _rowLength - 1; from >= start; from--)
        {
            _row[--to] = _row[from];
            if (_row[from] == '"')
                _row[--to] = (byte)'"';
        }

        _row[start] = (byte)'"';
        _rowLength += quotes + 2;
    }

    private void EndRow()
    {
        Put("\r\n"u8);
        _output.Write(_row.AsSpan(0, _rowLength));
        _rowLength = 0;
    }

    private void Put(ReadOnlySpan<byte> text)
    {
        Grow(text.Length);
        text.CopyTo(_row.AsSpan(_rowLength));
        _rowLength += text.Length;
    }

    private void Put(byte one)
    {
        Grow(1);
        _row[_rowLength++] = one;
    }

    private void Grow(int more)
    {
        if (_row.Length - _rowLength < more)
            Array.Resize(ref _row, (_row.Length * 2) + more);
    }

    private struct Segment(int start, int length, Source source, Separator separator)
    {
        public readonly int Start = start;
        public readonly int Length = length;
        public readonly Source Source = source;
        public readonly Separator Separator = separator;
        public int Next = -1;
    }
}
