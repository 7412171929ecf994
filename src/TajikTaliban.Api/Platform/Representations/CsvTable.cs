using System.Text;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>A column of a CSV table.</summary>
/// <param name="Name">As in the header.</param>
/// <param name="Slot">The slot that its cells come from.</param>
/// <param name="Fallback">The slot of members that <paramref name="Slot"/> has nothing for; -1 if there is none.</param>
/// <param name="IsText">Whether a cell is text, and no number or boolean.</param>
/// <param name="IsList">Whether a cell has the members of a list.</param>
internal sealed record CsvColumn(string Name, int Slot, int Fallback, bool IsText, bool IsList)
{
    public CsvCell Cell { get; init; } = CsvCell.Field;
}

internal enum CsvCell
{
    Field,
    Citation,
    Permalink,
}

/// <summary>A place that a value of a document is kept in until its row is written: one for each column of the response type.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Table">The table of the records that it refers to; null where it is no reference.</param>
/// <param name="Name">The slot of their names; -1 where there is none.</param>
internal sealed record CsvSlot(int Index, string? Table, int Name);

/// <summary>A field of a document: a leaf has a slot, others have fields below them.</summary>
internal sealed class CsvField(byte[] name)
{
    public byte[] Name { get; } = name;

    public List<CsvField> Below { get; } = [];

    public CsvSlot? Slot { get; set; }

    /// <summary>All slots of this field and below it, those of names too.</summary>
    public List<int> Slots { get; } = [];
}

/// <summary>How documents of a resource become rows: worked out once for a set.</summary>
internal sealed class CsvTable
{
    private const string Citations = "citations";
    private const string LabelSuffix = "Label";
    private readonly Dictionary<string, CsvSlot> _slots = new(StringComparer.Ordinal);
    private readonly List<CsvColumn> _columns = [];

    private CsvTable(Resource resource, IReadOnlyList<string>? fields, string labels, Edition edition)
    {
        var columns = Representations.Columns.Of(resource.ResponseType);
        var references = resource.List.Expands.ToDictionary(e => e.Path, e => e.Table);
        foreach (var column in columns)
        {
            var table = references.GetValueOrDefault(column.Path);
            var index = Slots;
            Slots += table is null ? 1 : 2;
            var slot = new CsvSlot(index, table, table is null ? -1 : index + 1);
            _slots[column.Path] = slot;
            AddField(column.Path, slot);
        }

        foreach (var column in columns.Where(c => fields is null || fields.Contains(c.Field)))
            AddColumns(column, labels);
        if (_slots.TryGetValue($"{Citations}.source", out var source) && (fields is null || fields.Contains(Citations)))
        {
            _columns.Add(new CsvColumn("citation", -1, -1, true, false) { Cell = CsvCell.Citation });
            CitationSource = labels == CsvFormat.Ids ? (source.Index, -1) : (source.Name, source.Index);
            CitationLocator = _slots[$"{Citations}.locator"].Index;
            var certainty = _slots[$"{Citations}.certainty"].Index;
            CitationCertainty = labels != CsvFormat.Ids && _slots.TryGetValue($"{Citations}.certainty{LabelSuffix}", out var label)
                ? (label.Index, certainty) : (certainty, -1);
        }

        if (fields is null)
            _columns.Add(new CsvColumn("permalink", -1, -1, true, false) { Cell = CsvCell.Permalink });
        var permalink = $"/v1{resource.Route}/{{id}}?version={{version}}&{Edition.Parameter}={edition.Text}";
        Permalink = [.. permalink.Split('{', '}').Select((part, i) => i % 2 == 0
            ? (Encoding.UTF8.GetBytes(part), -1) : ([], _slots[part].Index))];
    }

    public IReadOnlyList<CsvColumn> Columns => _columns;

    public int Slots { get; private set; }

    public CsvField Root { get; } = new([]);

    public (int Slot, int Fallback) CitationSource { get; }

    public int CitationLocator { get; }

    public (int Slot, int Fallback) CitationCertainty { get; }

    /// <summary>The address of a version: texts, and slots whose values stand between them.</summary>
    public IReadOnlyList<(byte[] Text, int Slot)> Permalink { get; }

    public static CsvTable Of(Resource resource, IReadOnlyList<string>? fields, string labels, Edition edition) =>
        new(resource, fields, labels, edition);

    private void AddField(string path, CsvSlot slot)
    {
        var field = Root;
        foreach (var name in path.Split('.'))
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            var next = field.Below.Find(f => f.Name.AsSpan().SequenceEqual(bytes));
            if (next is null)
                field.Below.Add(next = new CsvField(bytes));
            field = next;
            field.Slots.Add(slot.Index);
            if (slot.Name >= 0)
                field.Slots.Add(slot.Name);
        }

        field.Slot = slot;
    }

    private void AddColumns(Column column, string labels)
    {
        var slot = _slots[column.Path];
        var isText = column.Type == ColumnType.Text || column.Lists > 0;
        var isLabel = column.Path.EndsWith(LabelSuffix, StringComparison.Ordinal) && _slots.ContainsKey(column.Path[..^LabelSuffix.Length]);
        if (labels == CsvFormat.Both)
        {
            _columns.Add(new CsvColumn(column.Path, slot.Index, -1, isText, column.Lists > 0));
            if (slot.Table is not null)
                _columns.Add(new CsvColumn($"{column.Path}.name", slot.Name, -1, true, column.Lists > 0));
        }
        else if (isLabel)
        {
            // replaces the column of its code, or is absent
        }
        else if (labels == CsvFormat.Labels && (slot.Table is not null || _slots.ContainsKey(column.Path + LabelSuffix)))
        {
            _columns.Add(
                new CsvColumn(column.Path, slot.Table is not null ? slot.Name : _slots[column.Path + LabelSuffix].Index, slot.Index, true,
                    column.Lists > 0));
        }
        else
        {
            _columns.Add(new CsvColumn(column.Path, slot.Index, -1, isText, column.Lists > 0));
        }
    }
}
