using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>
/// The guide as HTML below <c>/docs/guide</c>. Its Markdown files (<c>openapi/guide</c> in the repository) are in the folder <c>guide</c>
/// beside the program.
/// </summary>
internal static class GuidePages
{
    private const string Route = "/docs/guide";
    private const string IndexFile = "README";

    /// <summary>The origin of links to the service in the Markdown; a served page links to its own origin instead.</summary>
    private const string LocalOrigin = "http://localhost:8080";

    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers().Build();

    public static void MapGuidePages(this WebApplication app)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "guide"), "*.md"))
        {
            // converted on the first request, so that the start of the service does not take longer
            var page = new Lazy<IResult>(() => Read(file));
            app.MapGet(RouteOf(Path.GetFileNameWithoutExtension(file)), () => page.Value).ExcludeFromDescription();
        }
    }

    private static string RouteOf(string name) => name == IndexFile ? Route : $"{Route}/{name}";

    private static IResult Read(string file)
    {
        var document = Markdig.Markdown.Parse(File.ReadAllText(file), Markdown);
        var heading = document.OfType<HeadingBlock>().First(h => h.Level == 1);
        var title = string.Concat(heading.Inline!.Descendants<LiteralInline>().Select(l => l.Content.ToString()));
        document.Remove(heading);
        foreach (var link in document.Descendants<LinkInline>())
        {
            link.Url = AddressOf(link.Url ?? "");
        }

        return HtmlPage.Of(title, document.ToHtml(Markdown));
    }

    /// <summary>Converts links to other files of the guide and to the service; leaves all others as they are.</summary>
    private static string AddressOf(string url)
    {
        if (url.StartsWith(LocalOrigin, StringComparison.Ordinal))
        {
            return url[LocalOrigin.Length..];
        }

        var parts = url.Split('#', 2);
        if (!parts[0].EndsWith(".md", StringComparison.Ordinal) || parts[0].Contains('/', StringComparison.Ordinal))
        {
            return url;
        }

        return RouteOf(parts[0][..^".md".Length]) + (parts.Length == 2 ? $"#{parts[1]}" : "");
    }
}
