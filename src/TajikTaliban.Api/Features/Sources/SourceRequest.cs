using FluentValidation;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Validation;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Sources;

/// <summary>A document or dataset that records cite.</summary>
public sealed record SourceRequest : IRecordRequest
{
    /// <summary>A stable slug (default: made from author, title and date).</summary>
    public string? Id { get; init; }

    /// <summary>The kind of source.</summary>
    public required string Kind { get; init; }

    /// <summary>The title as published.</summary>
    public required string Title { get; init; }

    /// <summary>The authors, in the order of the source.</summary>
    public IReadOnlyList<string> Authors { get; init; } = [];

    /// <summary>The publisher.</summary>
    public string? Publisher { get; init; }

    /// <summary>Date of publication (EDTF).</summary>
    public string? Published { get; init; }

    /// <summary>The address.</summary>
    public string? Url { get; init; }

    /// <summary>The licence, as an SPDX identifier or in words.</summary>
    public string? Licence { get; init; }

    /// <summary>Notes on the source.</summary>
    public string? Description { get; init; }

    /// <summary>What the source covers, and what it does not tell; null if that is not known.</summary>
    public SourceCoverageRequest? Coverage { get; init; }
}

/// <summary>What a source covers.</summary>
public sealed record SourceCoverageRequest
{
    /// <summary>The time that it covers, as an EDTF date or interval; null if it has none.</summary>
    public string? Period { get; init; }

    /// <summary>What it covers, in a sentence or two.</summary>
    public required string About { get; init; }

    /// <summary>What it does not tell: an empty answer about it says nothing of the world.</summary>
    public string? SilentOn { get; init; }
}

internal sealed class SourceValidator : AbstractValidator<SourceRequest>
{
    public SourceValidator()
    {
        RuleFor(s => s.Id).Slug();
        RuleFor(s => s.Kind).Code(Lists.SourceKinds);
        RuleFor(s => s.Title).Line(Limits.Title);
        RuleForEach(s => s.Authors).Line(Limits.Name);
        RuleFor(s => s.Publisher).Line(Limits.Name);
        RuleFor(s => s.Published).Edtf();
        RuleFor(s => s.Url).HttpUrl();
        RuleFor(s => s.Licence).Line(Limits.Name);
        RuleFor(s => s.Description).Line(Limits.Description);
        RuleFor(s => s.Coverage!).ChildRules(coverage =>
        {
            coverage.RuleFor(c => c.Period).Edtf();
            coverage.RuleFor(c => c.About).Line(Limits.Summary);
            coverage.RuleFor(c => c.SilentOn).Line(Limits.Summary);
        }).When(s => s.Coverage is not null);
    }
}
