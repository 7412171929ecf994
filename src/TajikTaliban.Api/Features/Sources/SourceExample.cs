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
          "published": "2024-09~",
          "description": "Commentary on how Tajikistan's line towards the Taliban is changing.",
          "coverage": {
            "period": "1996/2024",
            "about": "How Tajikistan has stood to the Taliban since 1996, and how some other states and groups do.",
            "silentOn": "Most dates, and what happened after it was written."
          }
        }
        """,
        """
        { "publisher": null }
        """);
}
