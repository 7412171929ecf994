using FluentValidation;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Validation;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Sources;

/// <summary>A document or a dataset that records cite.</summary>
public sealed record SourceRequest : IRecordRequest
{
    /// <summary>A stable slug; made from author, title and date if left out.</summary>
    public string? Id { get; init; }

    /// <summary>What kind of source it is.</summary>
    public required string Kind { get; init; }

    /// <summary>The title as published.</summary>
    public required string Title { get; init; }

    /// <summary>The authors, in the order of the source.</summary>
    public IReadOnlyList<string> Authors { get; init; } = [];

    /// <summary>Who published it.</summary>
    public string? Publisher { get; init; }

    /// <summary>When it was published (EDTF).</summary>
    public string? Published { get; init; }

    /// <summary>Where it can be read.</summary>
    public string? Url { get; init; }

    /// <summary>The licence under which it may be used, as an SPDX identifier or in words.</summary>
    public string? Licence { get; init; }

    /// <summary>What a reader has to know of the source.</summary>
    public string? Description { get; init; }
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
    }
}
