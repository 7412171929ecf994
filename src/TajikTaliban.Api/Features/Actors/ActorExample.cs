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
          "sectors": ["REB"],
          "statuses": [
            {
              "status": "de-facto-government",
              "from": "2021~",
              "to": null,
              "by": null,
              "citations": [
                { "source": "asatryan-tajikistan-and-the-taliban", "locator": "paragraphs 1, 10", "certainty": "stated" },
                {
                  "source": "asatryan-tajikistan-and-the-taliban",
                  "locator": "paragraphs 1, 10",
                  "certainty": "derived",
                  "note": "From 2021~: 2024, the year of the newest figures, less three years in power."
                }
              ]
            },
            {
              "status": "banned-organisation",
              "from": "2021~",
              "to": "2021~",
              "by": "kazakhstan",
              "citations": [{ "source": "asatryan-tajikistan-and-the-taliban", "locator": "paragraph 8", "certainty": "stated" }]
            }
          ],
          "description": "Movement formed among Pashtun students, victorious in Afghanistan first in 1996 and again in 2021~.",
          "citations": [{ "source": "asatryan-tajikistan-and-the-taliban", "locator": "paragraphs 1, 3, 4", "certainty": "stated" }]
        }
        """,
        """
        { "description": "Movement formed among Pashtun students, victorious in Afghanistan first in 1996 and again in 2021~." }
        """);
}
