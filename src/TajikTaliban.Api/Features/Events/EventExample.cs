using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Features.Events;

/// <summary>The example of the contract.</summary>
internal static class EventExample
{
    public static ResourceExample Record { get; } = new(
        "yatimov-kabul-visit-2024-08",
        "actor.source=saimumin-yatimov&type=CONSULT",
        """
        {
          "id": "yatimov-kabul-visit-2024-08",
          "type": "CONSULT",
          "cameo": "042",
          "title": "Saimumin Yatimov reported to visit Kabul",
          "description": "Afghan media reported an unofficial visit of the head of Tajikistan's State Committee for National Security",
          "date": "2024-08-16/2024-08-31",
          "status": "reported",
          "participants": [
            { "actor": "saimumin-yatimov", "role": "source" },
            { "actor": "prosecutor-general-taliban", "role": "target" },
            { "actor": "afghanistan", "role": "location" }
          ],
          "place": { "name": "Kabul", "precision": 1 },
          "citations": [
            {
              "source": "asatryan-tajikistan-and-the-taliban",
              "locator": "paragraph 9",
              "certainty": "reported",
              "note": "By Afghan media, unnamed."
            },
            {
              "source": "asatryan-tajikistan-and-the-taliban",
              "locator": "paragraphs 9, 10",
              "certainty": "derived",
              "supports": ["/date"],
              "note": "Second half of August read as 16 to 31 August; the year is that of the newest figure, as the article gives none."
            }
          ]
        }
        """,
        """
        { "status": "reported" }
        """);
}
