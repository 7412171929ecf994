using FluentValidation;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Features.Indicators;

/// <summary>An indicator: a measure and its unit.</summary>
public sealed record IndicatorRequest : IRecordRequest
{
    /// <summary>A stable slug (default: made from the name).</summary>
    public string? Id { get; init; }

    /// <summary>The measure.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The unit: an SI or UCUM symbol (km, %), else the counted thing. It cannot be changed while figures are recorded in it (409).
    /// </summary>
    public required string Unit { get; init; }

    /// <summary>The definition.</summary>
    public string? Description { get; init; }

    /// <summary>The sources of the definition.</summary>
    public required IReadOnlyList<CitationRequest> Citations { get; init; }
}

internal sealed class IndicatorValidator : AbstractValidator<IndicatorRequest>
{
    public IndicatorValidator()
    {
        RuleFor(i => i.Id).Slug();
        RuleFor(i => i.Name).Line(Limits.Name);
        RuleFor(i => i.Unit).Line(Limits.Unit);
        RuleFor(i => i.Description).Line(Limits.Description);
        this.MustCite(i => i.Citations);
    }
}
