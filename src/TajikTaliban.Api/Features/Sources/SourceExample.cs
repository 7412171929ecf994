using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Features.Sources;

/// <summary>The example of the contract.</summary>
internal static class SourceExample
{
    public static ResourceExample Record { get; } = new(
        "asatryan-tajikistan-and-the-taliban",
        "kind=article",
        """
        {
          "id": "asatryan-tajikistan-and-the-taliban",
          "kind": "article",
          "title": "Tajikistan and the Taliban",
          "authors": ["Georgi Asatryan"],
          "publisher": null,
          "published": "2024-09~",
          "url": null,
          "licence": null,
          "description": "Commentary on Tajikistan's policy towards the Taliban. The text has no date: 2024-09~ is inferred."
        }
        """,
        """
        { "publisher": null }
        """);
}
