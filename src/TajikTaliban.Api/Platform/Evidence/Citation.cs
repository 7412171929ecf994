using System.Linq.Expressions;
using FluentValidation;
using TajikTaliban.Api.Domain;
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

    /// <summary>How the source stands behind the fact: it states it, reports it of others, passes on the claim of an interested party,
    /// assesses it itself, or disputes it. `derived` is only for parts (`supports`): how a date or another part was worked out.</summary>
    public required string Certainty { get; init; }

    /// <summary>The interested party that makes the claim, an actor, by id or identifier; required for `claimed`, and for it
    /// alone.</summary>
    public string? Claimant { get; init; }

    /// <summary>The parts that the citation supports, as JSON Pointers into the record (or, for the citations of a part, into this part):
    /// `/from`. Members of a list are named by key and never by place: `/participants/taliban:target` (actor and role),
    /// `/identifiers/iso3:TJK`, `/names/TEXT`, `/sectors/REB`, `/subjects/ID`, `/statuses/STATUS` with `:by` and `:from` where they are
    /// given.
    /// Default: the whole.</summary>
    public IReadOnlyList<string>? Supports { get; init; }

    /// <summary>
    /// The time for which the source vouches, as an EDTF date or interval: some moment in it. Default: the source's `published` date, where
    /// something that lasts has no `to`; otherwise none.
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

    /// <summary>The actor that makes the claim, for `claimed`.</summary>
    public required string? Claimant { get; init; }

    /// <summary>The parts that the citation supports, as JSON Pointers with members of lists by key; null: the whole.</summary>
    public required IReadOnlyList<string>? Supports { get; init; }

    /// <summary>The time for which the source vouches, as an EDTF date or interval; null: the date of the source, where something that
    /// lasts has no `to`.</summary>
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
        RuleFor(c => c.Claimant).Reference().When(c => c.Claimant is not null);
        RuleFor(c => c.Claimant).Null().When(c => c.Certainty != "claimed")
            .WithFault(Fault.NotAllowedWith("Only a claimed citation has a claimant.", "certainty"));
        RuleFor(c => c.Claimant).NotNull().When(c => c.Certainty == "claimed")
            .WithFault(Fault.RequiredWith("A claimed citation requires the claimant; of an unnamed party, it is `reported`.", "certainty"));
        RuleFor(c => c.Supports).MaxCount(Limits.Supports, "parts");
        RuleFor(c => c.Supports!).Distinct(part => part, "A part appears twice.").When(c => c.Supports is not null);
        RuleForEach(c => c.Supports).MaximumLength(Limits.Pointer).WithFault(Fault.TooLong(Limits.Pointer))
            .Matches("^/").WithFault(Fault.NotAPointer);
        RuleFor(c => c.Supports).NotEmpty().When(c => c.Certainty == "derived")
            .WithFault(Fault.RequiredWith(
                "A derived citation requires the parts that were derived; of the whole, state how the source stands behind it.",
                "certainty"));
        RuleFor(c => c.VouchedFor).Edtf();
        RuleFor(c => c.Note).Line(Limits.Note);
        RuleFor(c => c.Note).NotNull().When(c => c.Certainty == "derived")
            .WithFault(Fault.RequiredWith("A derived citation requires a note that states the derivation.", "certainty"));
    }
}

/// <summary>The rules of citations, common to all records.</summary>
public static class Evidence
{
    public static void MustCite<T>(this AbstractValidator<T> validator, Expression<Func<T, IReadOnlyList<CitationRequest>>> citations)
    {
        validator.RuleFor(citations).NotEmpty().WithFault(Fault.TooFew("At least one citation is required."));
        validator.RuleForEach(Expression.Lambda<Func<T, IEnumerable<CitationRequest>>>(citations.Body, citations.Parameters))
            .SetValidator(new CitationValidator());
    }

    public static IEnumerable<Domain.Citation> ToCitations(
        this IEnumerable<CitationRequest> citations, Func<ReferenceTarget, string, string> resolve, int from = 0, string? part = null) =>
        citations.Select((c, i) => new Domain.Citation
        {
            Ordinal = from + i,
            Part = part,
            SourceId = resolve(ReferenceTarget.Source, c.Source),
            Locator = c.Locator,
            Certainty = c.Certainty,
            ClaimantId = c.Claimant is null ? null : resolve(ReferenceTarget.Actor, c.Claimant),
            Supports = [.. (c.Supports ?? []).Select(s => SupportedParts.Resolve(s, resolve))],
            VouchedFor = c.VouchedFor,
            Note = c.Note,
        });

    /// <summary>The references of citations at <c>citations</c> of the body, or of a part of it.</summary>
    public static IEnumerable<Reference> ToReferences(this IEnumerable<CitationRequest>? citations, string part = "") =>
        (citations ?? []).SelectMany((c, i) => c is null ? [] : new[]
        {
            new Reference($"{part}/citations/{i}/source", ReferenceTarget.Source, c.Source),
            new Reference($"{part}/citations/{i}/claimant", ReferenceTarget.Actor, c.Claimant),
        }.Concat((c.Supports ?? []).Select((s, j) =>
            new Reference($"{part}/citations/{i}/supports/{j}", ReferenceTarget.Actor, SupportedParts.ActorOrNull(s)))));

    public static IReadOnlyList<CitationResponse> ToResponse(this IEnumerable<Domain.Citation> citations, string? part = null) =>
        [.. citations.Where(c => c.Part == part).Select(c => new CitationResponse
        {
            Source = c.SourceId,
            Locator = c.Locator,
            Certainty = c.Certainty,
            Claimant = c.ClaimantId,
            Supports = c.Supports.Count == 0 ? null : c.Supports,
            VouchedFor = c.VouchedFor,
            Note = c.Note,
        })];
}
