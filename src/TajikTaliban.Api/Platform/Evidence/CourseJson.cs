using System.Globalization;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Platform.Evidence;

/// <summary>The bounds in documents of records that last.</summary>
internal static class CourseJson
{
    /// <summary>Sets <c>earliest</c> and <c>latest</c> by <c>from</c>, <c>to</c> and the moments that the citations vouch for.</summary>
    public static void SetBounds(JsonObject document)
    {
        var (from, to) = (CourseEnd.Beginning((string?)document["from"]), CourseEnd.End((string?)document["to"]));
        var vouched = document["citations"]!.AsArray().Select(c => (string?)c!["vouchedFor"]).OfType<string>().Select(PartialDate.Parse)
            .Where(m => Bounds.Allow(from, to, CourseEnd.Of(m))).ToList();
        var bounds = Bounds.OfCourse(from, to, vouched);
        // until when a source vouches by its date, the document does not tell
        (document["earliest"], document["latest"]) =
            (Day(bounds.Earliest), document["to"] is null && vouched.Count == 0 ? null : Day(bounds.Latest));
    }

    /// <summary>A bound as a document has it.</summary>
    public static JsonNode? Day(DateOnly day) =>
        Bounds.Shown(day) is { } shown ? JsonValue.Create(shown.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) : null;
}
