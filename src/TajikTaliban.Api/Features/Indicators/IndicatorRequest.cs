using FluentValidation;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Features.Indicators;

/// <summary>What figures measure, and in which unit.</summary>
public sealed record IndicatorRequest : IRecordRequest
{
    /// <summary>A stable slug; made from the name if left out.</summary>
    public string? Id { get; init; }

    /// <summary>What is measured.</summary>
    public required string Name { get; init; }

    /// <summary>The unit: an SI or UCUM symbol where there is one (km, %), else the thing that is counted.</summary>
    public required string Unit { get; init; }

    /// <summary>How it is defined.</summary>
    public string? Description { get; init; }

    /// <summary>Who defines it so.</summary>
    public required IReadOnlyList<CitationRequest> Citations { get; init; }
}

internal sealed class IndicatorValidator : AbstractValidator<IndicatorRequest>
{
    public IndicatorValidator()
    {
        RuleFor(i => i.Id).Slug();
        RuleFor(i => i.Name).Line(Limits.Name);
        RuleFor(i => i.Unit).Line(60);
        RuleFor(i => i.Description).Line(Limits.Description);
        this.MustCite(i => i.Citations);
    }
}
