using System.Buffers;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>
/// Comma-separated values (RFC 4180) in UTF-8: a header, then a row for each record, lines ending with CRLF. A field is a column, a field
/// of a nested object one with a dot in its name. A list is one cell: its members are joined by <c>; </c>, those of a list within a list by
/// <c> | </c>; in a member, <c>;</c>, <c>|</c> and <c>\</c> have a <c>\</c> before them. A list of objects has a column for each of their
/// fields, each with as many members, empty where a field is null. The last columns are a citation in words and the address of the version.
/// </summary>
internal sealed class CsvFormat() : RecordFormat("csv", "text/csv")
{
    public const string Ids = "id";
    public const string Labels = "name";
    public const string Both = "both";
    public const string Plain = "plain";
    public const string Excel = "excel";

    private static readonly FormatParameter LabelsParameter = new("labels",
        "Columns for codes and ids (`id`), for labels and names (`name`), or for both (default: `both`).",
        [Ids, Labels, Both], Both);

    private static readonly FormatParameter DialectParameter = new("dialect",
        "`excel` begins with a byte order mark, and text that begins like a formula (`=`, `+`, `-`, `@`, tab, CR) gets a leading "
        + "zero-width space (U+200B); numbers are never changed "
        + "(default: `plain`, which changes nothing).", [Plain, Excel], Plain);

    public override IReadOnlyList<FormatParameter> Parameters { get; } = [LabelsParameter, DialectParameter];

    public override bool UsesNames(RecordSet set) => LabelsOf(set) != Ids && set.Resource.List.Expands.Count > 0;

    public override IRecordSetWriter Open(RecordSet set, IBufferWriter<byte> output) =>
        new CsvWriter(CsvTable.Of(set.Resource, set.Fields, LabelsOf(set), set.Edition), set.Names, output,
            set.Values[DialectParameter.Name] == Excel);

    /// <summary>The names of the columns of a resource, in their order.</summary>
    public static IReadOnlyList<string> HeaderOf(Resource resource, string labels = Both) =>
        [.. CsvTable.Of(resource, null, labels, Edition.Current).Columns.Select(c => c.Name)];

    private static string LabelsOf(RecordSet set) => set.Values[LabelsParameter.Name];
}
