using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>The example of the contract.</summary>
internal static class ActorExample
{
    public static ResourceExample Record { get; } = new(
        "taliban",
        "name=Taliban",
        """
        {
          "id": "taliban",
          "type": "armed-group",
          "name": "Taliban",
          "statuses": [
            {
              "status": "de-facto-government",
              "from": "2021~",
              "to": null,
              "by": null,
              "citations": [
                { "source": "asatryan-tajikistan-and-the-taliban", "locator": "paragraphs 1, 8, 10", "certainty": "stated" },
                {
                  "source": "asatryan-tajikistan-and-the-taliban",
                  "locator": "paragraphs 1, 10",
                  "certainty": "derived",
                  "supports": ["/from"],
                  "note": "2021~: three years in power, counted back from 2024, the year of the newest figure."
                }
              ]
            },
            {
              "status": "banned-organisation",
              "from": null,
              "to": "2021~/2024-09~",
              "by": "kazakhstan",
              "citations": [{ "source": "asatryan-tajikistan-and-the-taliban", "locator": "paragraph 8", "certainty": "stated" }]
            }
          ],
          "description": "Movement of Pashtun students that won in Afghanistan in 1996 and again in 2021~.",
          "citations": [{ "source": "asatryan-tajikistan-and-the-taliban", "locator": "paragraphs 1, 3, 4", "certainty": "stated" }]
        }
        """,
        """
        { "description": "Movement of Pashtun students that won in Afghanistan in 1996 and again in 2021~." }
        """);
}
