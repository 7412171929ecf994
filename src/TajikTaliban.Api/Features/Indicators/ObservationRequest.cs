using FluentValidation;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Validation;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Indicators;

/// <summary>One figure of an indicator.</summary>
public sealed record ObservationRequest : IRecordRequest
{
    /// <summary>A stable slug; made from indicator, subjects and date if left out.</summary>
    public string? Id { get; init; }

    /// <summary>The indicator; the one in the path if left out.</summary>
    public string? Indicator { get; init; }

    /// <summary>The actors that the figure is of, by id or identifier.</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>When it was so (EDTF).</summary>
    public required string Date { get; init; }

    /// <summary>The value, in the indicator's unit; null only where `obsStatus` is M (missing).</summary>
    public decimal? Value { get; init; }

    /// <summary>True where the source says "about".</summary>
    public bool Approximate { get; init; }

    /// <summary>SDMX observation status; A (normal) if left out.</summary>
    public string ObsStatus { get; init; } = "A";

    /// <summary>What a reader has to know of the figure.</summary>
    public string? Note { get; init; }

    /// <summary>Who says so.</summary>
    public required IReadOnlyList<CitationRequest> Citations { get; init; }
}

internal sealed class ObservationValidator : AbstractValidator<ObservationRequest>
{
    public ObservationValidator()
    {
        RuleFor(o => o.Id).Slug();
        RuleFor(o => o.Indicator).Reference().When(o => o.Indicator is not null);
        RuleFor(o => o.Subjects).NotEmpty().WithMessage("A figure is of at least one actor.").Distinct(s => s, "An actor is given twice.");
        RuleForEach(o => o.Subjects).Reference();
        RuleFor(o => o.Date).Edtf();
        RuleFor(o => o.Value).NotNull().When(o => o.ObsStatus != "M").WithMessage("A value is required, unless obsStatus is M (missing).");
        RuleFor(o => o.Value).Null().When(o => o.ObsStatus == "M").WithMessage("A missing figure (obsStatus M) has no value.");
        RuleFor(o => o.ObsStatus).Code(Lists.ObsStatuses);
        RuleFor(o => o.Note).Line(Limits.Note);
        this.MustCite(o => o.Citations);
    }
}
