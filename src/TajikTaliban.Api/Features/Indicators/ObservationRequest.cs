using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Validation;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Indicators;

/// <summary>
/// An observation: one figure of an indicator. A source has one figure for the same indicator, subjects (in any order) and days; a second
/// is a conflict (409), whatever its value. Figures of other sources and claimants stand beside it.
/// </summary>
public sealed record ObservationRequest : IRecordRequest
{
    /// <summary>A stable slug (default: made from indicator, subjects and date).</summary>
    public string? Id { get; init; }

    /// <summary>The indicator (default: the one in the path).</summary>
    public string? Indicator { get; init; }

    /// <summary>The actors that the figure describes, by id or identifier.</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>Date of the observation (EDTF). Years are AD, 1800 to 2100.</summary>
    public required string Date { get; init; }

    /// <summary>The value, in the indicator's unit; null only where `obsStatus` is M (missing).</summary>
    public decimal? Value { get; init; }

    /// <summary>True if the source states the value as approximate.</summary>
    public bool Approximate { get; init; }

    /// <summary>SDMX observation status (default: A, normal).</summary>
    public string ObsStatus { get; init; } = "A";

    /// <summary>A note on the figure.</summary>
    public string? Note { get; init; }

    /// <summary>The sources. The first one is the source of the figure.</summary>
    public required IReadOnlyList<CitationRequest> Citations { get; init; }
}

internal sealed class ObservationValidator : AbstractValidator<ObservationRequest>
{
    public ObservationValidator()
    {
        RuleFor(o => o.Id).Slug();
        RuleFor(o => o.Indicator).Reference().When(o => o.Indicator is not null);
        RuleFor(o => o.Subjects).NotEmpty().WithFault(Fault.TooFew("At least one subject is required."))
            .Distinct(s => s, "An actor appears twice.");
        RuleForEach(o => o.Subjects).Reference();
        RuleFor(o => o.Date).Edtf().Custom((date, context) =>
        {
            if (PartialDate.TryParse(date, out var known, out _) && ImplausibleOrNull(known) is { } error)
                context.AddFault(error);
        });
        RuleFor(o => o.Value).NotNull().When(o => o.ObsStatus != "M")
            .WithFault(Fault.RequiredWith("A value is required unless obsStatus is M (missing).", "obsStatus"));
        RuleFor(o => o.Value).Null().When(o => o.ObsStatus == "M")
            .WithFault(Fault.NotAllowedWith("The value must be null if obsStatus is M (missing).", "obsStatus"));
        RuleFor(o => o.ObsStatus).Code(Lists.ObsStatuses);
        RuleFor(o => o.Note).Line(Limits.Note);
        this.MustCite(o => o.Citations);
    }
    /// <summary>Why there is no figure of the date; a side without a date is not checked.</summary>
    private static Fault? ImplausibleOrNull(PartialDate date)
    {
        var (first, last) = (date.WrittenEarliest, date.WrittenLatest);
        return (date.IsOpenStart ? null : FigureYear.ErrorOrNull(first.Year, first.Month, date.IsInterval ? 1 : MonthsOf(first, last)))
            ?? (date.IsOpenEnd ? null : FigureYear.ErrorOrNull(last.Year, last.Month, 1));
    }

    /// <summary>The months from the first day to the last, in one year.</summary>
    private static int MonthsOf(DateOnly first, DateOnly last) => first.Year == last.Year ? last.Month - first.Month + 1 : 12;
}
