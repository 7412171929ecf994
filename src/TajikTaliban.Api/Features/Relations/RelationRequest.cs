using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Validation;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Relations;

/// <summary>How one actor stands to another, from when to when.</summary>
public sealed record RelationRequest : IRecordRequest
{
    /// <summary>A stable slug; made from the actors and the type if left out.</summary>
    public string? Id { get; init; }

    /// <summary>What kind of relation it is; the type says whether it is directed.</summary>
    public required string Type { get; init; }

    /// <summary>The actor from whom it goes, by id or identifier.</summary>
    public required string Subject { get; init; }

    /// <summary>The actor to whom it goes, by id or identifier.</summary>
    public required string Object { get; init; }

    /// <summary>The stance of the subject, where the relation is one of stance.</summary>
    public string? Stance { get; init; }

    /// <summary>Since when it held (EDTF); null is open.</summary>
    public string? From { get; init; }

    /// <summary>Until when it held (EDTF); null is open.</summary>
    public string? To { get; init; }

    /// <summary>The relation in a sentence, in neutral words.</summary>
    public string? Summary { get; init; }

    /// <summary>Who says so.</summary>
    public required IReadOnlyList<CitationRequest> Citations { get; init; }
}

internal sealed class RelationValidator : AbstractValidator<RelationRequest>
{
    public RelationValidator()
    {
        RuleFor(r => r.Id).Slug();
        RuleFor(r => r.Type).Code(Lists.RelationTypes);
        RuleFor(r => r.Subject).Reference();
        RuleFor(r => r.Object).Reference().Must((relation, to) => to is null || to != relation.Subject).WithMessage("An actor has no relation to itself.");
        RuleFor(r => r.Stance).Code(Lists.Stances);
        RuleFor(r => r.From).EdtfEnd();
        RuleFor(r => r.To).EdtfEnd().Must((relation, to) => Validity.IsInOrder(relation.From, to)).WithMessage("The end is before the beginning.");
        RuleFor(r => r.Summary).Line(Limits.Summary);
        this.MustCite(r => r.Citations);
    }
}
