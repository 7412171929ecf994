using System.Linq.Expressions;
using FluentValidation;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Platform.Evidence;

/// <summary>A citation: a source, the place in it, and its certainty.</summary>
public sealed record CitationRequest
{
    /// <summary>Id of the source.</summary>
    public required string Source { get; init; }

    /// <summary>The place in the source: a paragraph, page, table or row.</summary>
    public string? Locator { get; init; }

    /// <summary>The certainty: stated as a fact, reported of others, claimed by an interested party, derived by us, or disputed.</summary>
    public required string Certainty { get; init; }

    /// <summary>
    /// The time for which the source vouches, as an EDTF date or interval: `2024-08` for a figure as of August 2024. Omit it if the source
    /// gives none.
    /// </summary>
    public string? VouchedFor { get; init; }

    /// <summary>A note; for `derived`, the derivation.</summary>
    public string? Note { get; init; }
}

/// <summary>A citation: a source, the place in it, and its certainty.</summary>
public sealed record CitationResponse
{
    /// <summary>Id of the source.</summary>
    public required string Source { get; init; }

    /// <summary>The place in the source.</summary>
    public required string? Locator { get; init; }

    /// <summary>The certainty.</summary>
    public required string Certainty { get; init; }

    /// <summary>The label of the certainty.</summary>
    public string CertaintyLabel => CodeLists.Certainties.LabelOrCode(Certainty);

    /// <summary>The time for which the source vouches, as an EDTF date or interval; null if it is not known.</summary>
    public required string? VouchedFor { get; init; }

    /// <summary>A note; for `derived`, the derivation.</summary>
    public required string? Note { get; init; }
}

internal sealed class CitationValidator : AbstractValidator<CitationRequest>
{
    public CitationValidator()
    {
        RuleFor(c => c.Source).Reference();
        RuleFor(c => c.Locator).Line(Limits.Locator);
        RuleFor(c => c.Certainty).Code(CodeLists.Certainties);
        RuleFor(c => c.VouchedFor).Edtf();
        RuleFor(c => c.Note).Line(Limits.Note);
        RuleFor(c => c.Note).NotNull().When(c => c.Certainty == "derived")
            .WithMessage("A derived citation requires a note that states the derivation.");
    }
}

/// <summary>The rules of citations, common to all records.</summary>
public static class Evidence
{
    public static void MustCite<T>(this AbstractValidator<T> validator, Expression<Func<T, IReadOnlyList<CitationRequest>>> citations)
    {
        validator.RuleFor(citations).NotEmpty().WithMessage("At least one citation is required.");
        validator.RuleForEach(Expression.Lambda<Func<T, IEnumerable<CitationRequest>>>(citations.Body, citations.Parameters))
            .SetValidator(new CitationValidator());
    }

    public static IEnumerable<Domain.Citation> ToCitations(
        this IEnumerable<CitationRequest> citations, Func<string, string> source, int from = 0, string? part = null) =>
        citations.Select((c, i) => new Domain.Citation
        {
            Ordinal = from + i,
            Part = part,
            SourceId = source(c.Source),
            Locator = c.Locator,
            Certainty = c.Certainty,
            VouchedFor = c.VouchedFor,
            Note = c.Note,
        });

    /// <summary>The references of citations at <c>citations</c> of the body, or of a part of it.</summary>
    public static IEnumerable<Reference> ToReferences(this IEnumerable<CitationRequest>? citations, string part = "") =>
        (citations ?? []).Select((c, i) => new Reference($"{part}/citations/{i}/source", ReferenceTarget.Source, c?.Source));

    public static IReadOnlyList<CitationResponse> ToResponse(this IEnumerable<Domain.Citation> citations, string? part = null) =>
        [.. citations.Where(c => c.Part == part).Select(c => new CitationResponse
        {
            Source = c.SourceId,
            Locator = c.Locator,
            Certainty = c.Certainty,
            VouchedFor = c.VouchedFor,
            Note = c.Note,
        })];
}
