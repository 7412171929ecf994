using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Features.Indicators;

/// <summary>The example of the contract.</summary>
internal static class IndicatorExample
{
    public static ResourceExample Record { get; } = new(
        "border-length",
        "unit=km",
        """
        {
          "id": "border-length",
          "name": "Length of border",
          "unit": "km",
          "description": "Length of the land border of two states.",
          "citations": [{ "source": "asatryan-tajikistan-and-the-taliban", "locator": "paragraph 5", "certainty": "stated" }]
        }
        """,
        """
        { "description": "Length of the land border of two states." }
        """)
    {
        Correction = new ExampleCorrection(
            "description",
            "Length of the land border that two states share.",
            "The indicator measures the shared border, not all borders of each state."),
    };
}
