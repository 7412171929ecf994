using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Features.Indicators;

/// <summary>The example of the contract.</summary>
internal static class ObservationExample
{
    public static ResourceExample Record { get; } = new(
        "border-length-tajikistan-afghanistan",
        "from=2024",
        """
        {
          "id": "border-length-tajikistan-afghanistan",
          "indicator": "border-length",
          "subjects": ["tajikistan", "afghanistan"],
          "date": "2024-09~",
          "value": 1344,
          "approximate": false,
          "obsStatus": "A",
          "note": "By the article the longest border in Central Asia.",
          "citations": [
            { "source": "asatryan-tajikistan-and-the-taliban", "locator": "paragraph 5", "certainty": "stated" },
            {
              "source": "asatryan-tajikistan-and-the-taliban",
              "locator": "paragraph 10",
              "certainty": "derived",
              "supports": ["/date"],
              "note": "2024-09~: the time of writing; the article gives no date."
            }
          ]
        }
        """,
        """
        { "note": "By the article the longest border in Central Asia." }
        """);
}
