using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Validation;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Relations;

/// <summary>A relation between two actors, with its validity.</summary>
public sealed record RelationRequest : IRecordRequest
{
    /// <summary>A stable slug (default: made from the actors and the type).</summary>
    public string? Id { get; init; }

    /// <summary>The type of relation; it determines whether the relation is directed.</summary>
    public required string Type { get; init; }

    /// <summary>The subject, an actor, by id or identifier.</summary>
    public required string Subject { get; init; }

    /// <summary>The object, an actor, by id or identifier.</summary>
    public required string Object { get; init; }

    /// <summary>The stance of the subject, for relations of stance.</summary>
    public string? Stance { get; init; }

    /// <summary>Beginning (EDTF), or the interval in which it lies (`2021~/2024~`, `/1996`: by then at the latest); `..` if there is none
    /// by nature, null if it is unknown.</summary>
    public string? From { get; init; }

    /// <summary>End (EDTF), or the interval in which it lies; `..` if there is none by nature, null if it is unknown.</summary>
    public string? To { get; init; }

    /// <summary>A neutral summary in one sentence.</summary>
    public string? Summary { get; init; }

    /// <summary>The sources of the record.</summary>
    public required IReadOnlyList<CitationRequest> Citations { get; init; }
}

internal sealed class RelationValidator : AbstractValidator<RelationRequest>
{
    public static readonly Fault OneActor = new(FaultCode.SelfReference, "Subject and object must differ.");

    public RelationValidator()
    {
        RuleFor(r => r.Id).Slug();
        RuleFor(r => r.Type).Code(Lists.RelationTypes);
        RuleFor(r => r.Subject).Reference();
        RuleFor(r => r.Object).Reference().Must((relation, to) => to is null || to != relation.Subject)
            .WithFault(OneActor);
        RuleFor(r => r.Stance).Code(Lists.Stances);
        RuleFor(r => r.From).CourseEnd();
        RuleFor(r => r.To).CourseEnd(after: r => r.From);
        RuleFor(r => r.Summary).Line(Limits.Summary);
        this.MustCite(r => r.Citations);
    }
}
