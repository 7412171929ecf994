using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Representations;

/// <summary>CSV as LibreOffice opens it. Skipped where <c>soffice</c> is not installed.</summary>
public sealed class LibreOfficeTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    private static readonly XNamespace Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private static readonly string? Office = Programs.FindOrNull("soffice");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_open_with_their_rows_columns_and_letters_and_the_excel_dialect_keeps_text_text()
    {
        Assert.SkipWhen(Office is null, "soffice is not installed");
        string[] titles = ["=1+1", "+992 37 221", "-10", "@here", "Вохӯрӣ дар Душанбе", "دیدار در کابل"];
        foreach (var (title, i) in titles.Select((t, i) => (t, i)))
        {
            var actor = (await api.Reader.GetJsonAsync("/v1/actors?limit=1")).Body!["items"]![0]!;
            var body = SampleRecords.Event($"office-{i}", "2024", (string)actor["id"]!);
            (body["title"], body["cameo"], body["type"]) = (title, "190", "ASSAULT");
            body["citations"]![0]!["source"] = (string)(await api.Reader.GetJsonAsync("/v1/sources?limit=1")).Body!["items"]![0]!["id"]!;
            await api.Editor.AddAsync("/v1/events", body);
        }

        var records = await api.Reader.WalkAsync("/v1/events?limit=1000");
        foreach (var query in new[] { "", "?dialect=excel" })
        {
            var rows = await OpenAsync(await api.Reader.GetByteArrayAsync($"/v1/events.csv{query}", Cancellation));
            var header = rows[0].ToDictionary(c => c.Value.Text, c => c.Key);
            Assert.Equal(records.Count + 1, rows.Count);
            Assert.Equal("permalink", rows[0].Values.Last().Text);
            Assert.Equal(records.Select(r => (string)r["id"]!), rows.Skip(1).Select(r => r[header["id"]].Text));
            foreach (var (title, i) in titles.Select((t, i) => (t, i)))
            {
                var row = rows.Single(r => r.GetValueOrDefault(header["id"]).Text == $"office-{i}");
                Assert.Equal(("-10", "n"), row[header["goldstein"]]);
                if (query.Length > 0 || char.IsLetter(title[0]))
                    Assert.Equal((title, "s"), (row[header["title"]].Text.TrimStart('\u200b'), row[header["title"]].Type));
            }
        }
    }

    /// <summary>The rows of a file as LibreOffice shows it: by column letters, text and type (s text, n number).</summary>
    private static async Task<List<Dictionary<string, (string Text, string Type)>>> OpenAsync(byte[] csv)
    {
        var folder = Directory.CreateTempSubdirectory("office-");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "events.csv"), csv, Cancellation);
            // comma, quote, UTF-8
            var start = new ProcessStartInfo(Office!,
                ["-env:UserInstallation=file://" + Path.Combine(folder.FullName, "profile"), "--headless", "--convert-to", "xlsx",
                "--infilter=CSV:44,34,76,1", "--outdir", folder.FullName,
                Path.Combine(folder.FullName, "events.csv")])
            { RedirectStandardOutput = true, RedirectStandardError = true };
            using var office = Process.Start(start)!;
            await Task.WhenAll(office.StandardOutput.ReadToEndAsync(Cancellation), office.StandardError.ReadToEndAsync(Cancellation));
            await office.WaitForExitAsync(Cancellation);
            await using var zip = await ZipFile.OpenReadAsync(Path.Combine(folder.FullName, "events.xlsx"), Cancellation);
            var texts = Load(zip, "xl/sharedStrings.xml").Root!.Elements(Sheet + "si")
                .Select(s => string.Concat(s.Descendants(Sheet + "t").Select(t => t.Value))).ToList();
            return [.. Load(zip, "xl/worksheets/sheet1.xml").Descendants(Sheet + "row")
                .Select(row => row.Elements(Sheet + "c").ToDictionary(
                c => new string([.. ((string)c.Attribute("r")!).TakeWhile(char.IsLetter)]),
                c =>
                    ((string?)c.Attribute("t") == "s" ? texts[(int)c.Element(Sheet + "v")!] : c.Element(Sheet + "v")?.Value ?? "",
                        (string?)c.Attribute("t") ?? "n")))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static XDocument Load(ZipArchive zip, string name)
    {
        using var entry = zip.GetEntry(name)!.Open();
        return XDocument.Load(entry);
    }
}
