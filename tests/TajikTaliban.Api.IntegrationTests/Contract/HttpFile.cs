using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>The requests of a <c>.http</c> file, as editors run them: <c>###</c> and a title that ends in the expected status, then the
/// request.</summary>
internal static partial class HttpFile
{
    private const string KeyHeader = "Authorization: Bearer {{key}}";

    public static async Task<IReadOnlyList<(string Title, int Status, bool WithKey, HttpRequestMessage Request)>> ReadAsync(string file)
    {
        var requests = new List<(string, int, bool, HttpRequestMessage)>();
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        foreach (var part in text.ReplaceLineEndings("\n").Split("\n### ").Skip(1))
        {
            var title = part[..part.IndexOf('\n', StringComparison.Ordinal)];
            var status = int.Parse(Status().Match(title).Groups[1].Value, null);
            var lines = part.Split('\n').Skip(1).SkipWhile(l => l.Length == 0 || l[0] == '#').ToList();
            var head = lines.TakeWhile(l => l.Length > 0).ToList();
            var body = string.Join('\n', lines.Skip(head.Count)).Trim();
            requests.Add((title, status, head.Contains(KeyHeader), Request(head, body)));
        }

        return requests;
    }

    private static HttpRequestMessage Request(List<string> head, string body)
    {
        var line = head[0].Split(' ', 2);
        var request = new HttpRequestMessage(new HttpMethod(line[0]), line[1].Replace("{{host}}", "", StringComparison.Ordinal));
        if (body.Length > 0)
            request.Content = new StringContent(body, Encoding.UTF8);
        foreach (var header in head.Skip(1).Where(h => h != KeyHeader).Select(h => h.Split(": ", 2)))
        {
            if (header[0] == "Content-Type")
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(header[1]);
            else
                request.Headers.TryAddWithoutValidation(header[0], header[1]);
        }

        return request;
    }

    [GeneratedRegex(@"\((\d{3})\)$")]
    private static partial Regex Status();
}
