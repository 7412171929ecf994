using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Features.Relations;

/// <summary>The example of the contract.</summary>
internal static class RelationExample
{
    public static ResourceExample Record { get; } = new(
        "tajikistan-border-afghanistan",
        "actor=tajikistan&actor=afghanistan&type=border&validAt=2000",
        """
        {
          "id": "tajikistan-border-afghanistan",
          "type": "border",
          "subject": "tajikistan",
          "object": "afghanistan",
          "stance": null,
          "from": null,
          "to": null,
          "summary": "The two states share a border of 1,344 km.",
          "citations": [{ "source": "asatryan-tajikistan-and-the-taliban", "locator": "paragraphs 3, 5", "certainty": "stated" }]
        }
        """,
        """
        { "summary": "The two states share a border of 1,344 km." }
        """);
}
