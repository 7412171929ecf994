using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Features.Relations;

/// <summary>The example of the contract.</summary>
internal static class RelationExample
{
    public static ResourceExample Record { get; } = new(
        "tajikistan-border-afghanistan",
        "actor=tajikistan&actor=afghanistan&type=border",
        """
        {
          "id": "tajikistan-border-afghanistan",
          "type": "border",
          "subject": "tajikistan",
          "object": "afghanistan",
          "from": "/2004",
          "to": null,
          "summary": "The two states share a complex border of 1,344 km, the longest in Central Asia.",
          "citations": [
            {
              "source": "asatryan-tajikistan-and-the-taliban",
              "locator": "paragraphs 3, 5",
              "certainty": "stated",
              "vouchedFor": "2024-09~"
            },
            {
              "source": "asatryan-tajikistan-and-the-taliban",
              "locator": "paragraph 5",
              "certainty": "derived",
              "supports": ["/from"],
              "note": "By 2004: it was guarded before Tajikistan ended the agreement in that year."
            }
          ]
        }
        """,
        """
        { "summary": "The two states share a complex border of 1,344 km, the longest in Central Asia." }
        """);
}
