using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Evidence;

/// <summary>Something that lasts, with the citations that vouch for it.</summary>
/// <param name="Lasting">The record, or the part of it.</param>
/// <param name="Citations">The citations of one list, in order.</param>
public sealed record Course(ILasting Lasting, IReadOnlyList<Citation> Citations)
{
    private static readonly Fault OutsideTime = new(FaultCode.OutsideTime, "The moment lies before the beginning or after the end.");

    /// <summary>
    /// The sources that vouch for it by their date of publication: of citations without <c>vouchedFor</c>, where no end is given. A source
    /// that disputes it, or supports a part alone, vouches for nothing.
    /// </summary>
    public IEnumerable<string> VouchingSources =>
        Lasting.To is null ? Citations.Where(VouchesByPublication).Select(c => c.SourceId) : [];

    /// <summary>Sets the bounds.</summary>
    /// <param name="publishedOrNull">The publication date of a source.</param>
    /// <param name="errors">Takes moments that are vouched for and lie outside of the course.</param>
    public void SetBounds(Func<string, PartialDate?> publishedOrNull, Errors errors)
    {
        var (from, to) = (CourseEnd.Beginning(Lasting.From), CourseEnd.End(Lasting.To));
        var vouched = new List<PartialDate>();
        for (var i = 0; i < Citations.Count; i++)
        {
            var citation = Citations[i];
            var stated = citation.VouchedFor is null ? null : PartialDate.Parse(citation.VouchedFor);
            var moment = stated ?? (Lasting.To is null && VouchesByPublication(citation) ? publishedOrNull(citation.SourceId) : null);
            if (moment is null)
                continue;
            if (Bounds.Allow(from, to, CourseEnd.Of(moment)))
                vouched.Add(moment);
            else if (stated is not null)
                errors.Add($"{citation.Part}/citations/{i}/vouchedFor", OutsideTime);
            // a source from before the beginning tells of the future: it vouches for nothing by its date
        }

        Lasting.Set(Bounds.OfCourse(from, to, vouched));
    }

    private static bool VouchesByPublication(Citation citation) =>
        citation.VouchedFor is null && citation.Supports.Count == 0 && citation.Certainty is not ("disputed" or "derived");
}
