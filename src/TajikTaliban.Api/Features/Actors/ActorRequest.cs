using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Validation;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>A state, movement, authority, organisation, person or group.</summary>
public sealed record ActorRequest : IRecordRequest
{
    /// <summary>A stable slug (default: made from the name).</summary>
    public string? Id { get; init; }

    /// <summary>The type of actor.</summary>
    public required string Type { get; init; }

    /// <summary>The common English name.</summary>
    public required string Name { get; init; }

    /// <summary>Other names: native, former, acronyms, aliases.</summary>
    public IReadOnlyList<ActorNameRequest> Names { get; init; } = [];

    /// <summary>PLOVER sector codes.</summary>
    public IReadOnlyList<string> Sectors { get; init; } = [];

    /// <summary>Identifiers in other systems. No two actors share one.</summary>
    public IReadOnlyList<ActorIdentifierRequest> Identifiers { get; init; } = [];

    /// <summary>Statuses of the actor with their validity and, for judgements, the judging actor.</summary>
    public IReadOnlyList<ActorStatusRequest> Statuses { get; init; } = [];

    /// <summary>A neutral description.</summary>
    public string? Description { get; init; }

    /// <summary>The sources of the record.</summary>
    public required IReadOnlyList<CitationRequest> Citations { get; init; }
}

/// <summary>Another name of an actor.</summary>
public sealed record ActorNameRequest
{
    /// <summary>The name.</summary>
    public required string Text { get; init; }

    /// <summary>The language (BCP 47).</summary>
    public string? Lang { get; init; }

    /// <summary>The kind of name.</summary>
    public required string Kind { get; init; }
}

/// <summary>An identifier in another system.</summary>
public sealed record ActorIdentifierRequest
{
    /// <summary>The system.</summary>
    public required string Scheme { get; init; }

    /// <summary>The identifier in the system's notation (`004`, not `4`).</summary>
    public required string Value { get; init; }
}

/// <summary>A status of an actor with its validity.</summary>
public sealed record ActorStatusRequest
{
    /// <summary>The status.</summary>
    public required string Status { get; init; }

    /// <summary>Beginning (EDTF), or the interval in which it lies (`2021~/2024~`, `/1996`: by then at the latest); `..` if there is none
    /// by nature, null if it is unknown.</summary>
    public string? From { get; init; }

    /// <summary>End (EDTF), or the interval in which it lies; `..` if there is none by nature, null if it is unknown.</summary>
    public string? To { get; init; }

    /// <summary>The actor that judges, for a judgement (recognition, a ban).</summary>
    public string? By { get; init; }

    /// <summary>The sources of the status (default: the actor's citations).</summary>
    public IReadOnlyList<CitationRequest> Citations { get; init; } = [];
}

internal sealed class ActorValidator : AbstractValidator<ActorRequest>
{
    public ActorValidator()
    {
        RuleFor(a => a.Id).Slug();
        RuleFor(a => a.Type).Code(Lists.ActorTypes);
        RuleFor(a => a.Name).Line(Limits.Name);
        RuleForEach(a => a.Names).ChildRules(name =>
        {
            name.RuleFor(n => n.Text).Line(Limits.Name);
            name.RuleFor(n => n.Lang).Language();
            name.RuleFor(n => n.Kind).Code(Lists.NameKinds);
        });
        RuleForEach(a => a.Sectors).Code(Lists.Sectors);
        RuleFor(a => a.Sectors).Distinct(s => s, "A sector appears twice.");
        RuleForEach(a => a.Identifiers).ChildRules(identifier =>
        {
            identifier.RuleFor(i => i.Scheme).Code(Lists.IdentifierSchemes);
            identifier.RuleFor(i => i.Value).MaxLength(ActorIdentifier.MaxValueLength)
                .Custom((value, context) =>
                {
                    if (value is not null && Lists.IdentifierSchemes.Contains(context.InstanceToValidate.Scheme)
                        && !ActorIdentifier.TryCreate(context.InstanceToValidate.Scheme, value, out _, out var error))
                    {
                        context.AddFault(error);
                    }
                });
        });
        RuleFor(a => a.Identifiers).Distinct(i => (i.Scheme, i.Value), "An identifier appears twice.");
        RuleForEach(a => a.Statuses).SetValidator(new ActorStatusValidator());
        RuleFor(a => a.Description).Line(Limits.Description);
        this.MustCite(a => a.Citations);
    }
}

internal sealed class ActorStatusValidator : AbstractValidator<ActorStatusRequest>
{
    public ActorStatusValidator()
    {
        RuleFor(s => s.Status).Code(Lists.ActorStatuses);
        RuleFor(s => s.From).CourseEnd();
        RuleFor(s => s.To).CourseEnd(after: s => s.From);
        RuleFor(s => s.By).Reference().When(s => s.By is not null);
        RuleFor(s => s.By).NotNull().When(s => Lists.ActorStatuses.FindOrNull(s.Status)?.MappingOrNull("judgement") == "true")
            .WithFault(Fault.RequiredWith("This status is a judgement: set `by`.", "status"));
        RuleForEach(s => s.Citations).SetValidator(new CitationValidator());
    }
}
