using Sylvan.Data.Csv;

namespace TajikTaliban.SeedMaker;

/// <summary>The extracts that packs are made from: a folder of CSV files with a header row.</summary>
internal sealed class Extracts(string folder)
{
    /// <summary>The rows of a file.</summary>
    public IReadOnlyList<ExtractRow> Read(string file)
    {
        using var reader = CsvDataReader.Create(Path.Combine(folder, file));
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        var rows = new List<ExtractRow>();
        while (reader.Read())
        {
            var values = columns.Index().ToDictionary(c => c.Item, c => reader.GetString(c.Index));
            rows.Add(new ExtractRow(file, rows.Count + 1, values));
        }

        return rows;
    }
}

/// <summary>A row of an extract.</summary>
/// <param name="File">The file.</param>
/// <param name="Number">The number of the row, 1 for the first after the header.</param>
/// <param name="Values">The values by column, as the file has them.</param>
internal sealed record ExtractRow(string File, int Number, IReadOnlyDictionary<string, string> Values)
{
    public string this[string column] => Values[column];
}
