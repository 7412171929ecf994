using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Features.Relations;

/// <summary>The example of the contract.</summary>
internal static class RelationExample
{
    public static ResourceExample Record { get; } = new(
        "tajikistan-border-afghanistan",
        "actor=tajikistan&actor=afghanistan&type=border&validAt=2010",
        """
        {
          "id": "tajikistan-border-afghanistan",
          "type": "border",
          "subject": "tajikistan",
          "object": "afghanistan",
          "stance": null,
          "from": "/2004",
          "to": null,
          "summary": "The two states share a border of 1,344 km.",
          "citations": [
            {
              "source": "asatryan-tajikistan-and-the-taliban",
              "locator": "paragraphs 3, 5",
              "certainty": "stated",
              "vouchedFor": "2024-09~"
            }
          ]
        }
        """,
        """
        { "summary": "The two states share a border of 1,344 km." }
        """);
}
