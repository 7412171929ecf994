using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Features.Trade;

/// <summary>The example of the contract.</summary>
internal static class TradeExample
{
    public static ResourceExample Record { get; } = new(
        "tajikistan-afghanistan-turnover-2024-s1",
        "reporter=tajikistan&partner=afghanistan",
        """
        {
          "id": "tajikistan-afghanistan-turnover-2024-s1",
          "reporter": "tajikistan",
          "partner": "afghanistan",
          "flow": "T",
          "period": "2024-S1",
          "type": "C",
          "commodity": { "classification": "HS", "code": "TOTAL" },
          "value": 46000000,
          "currency": "USD",
          "approximate": true,
          "obsStatus": "A",
          "citations": [
            {
              "source": "asatryan-tajikistan-and-the-taliban",
              "locator": "paragraph 10",
              "certainty": "stated",
              "note": "About 46 million dollars, both directions together."
            }
          ]
        }
        """,
        """
        { "value": 46000000, "approximate": true }
        """);
}
