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
    /// <summary>A stable slug; made from the name if left out.</summary>
    public string? Id { get; init; }

    /// <summary>What kind of actor it is.</summary>
    public required string Type { get; init; }

    /// <summary>The name by which it is commonly known in English.</summary>
    public required string Name { get; init; }

    /// <summary>Other names: native, former, acronyms, aliases.</summary>
    public IReadOnlyList<ActorNameRequest> Names { get; init; } = [];

    /// <summary>PLOVER sector codes.</summary>
    public IReadOnlyList<string> Sectors { get; init; } = [];

    /// <summary>Identifiers in other systems. Each belongs to one actor alone.</summary>
    public IReadOnlyList<ActorIdentifierRequest> Identifiers { get; init; } = [];

    /// <summary>What the actor was, from when to when, and in whose eyes.</summary>
    public IReadOnlyList<ActorStatusRequest> Statuses { get; init; } = [];

    /// <summary>What it is, in neutral words.</summary>
    public string? Description { get; init; }

    /// <summary>Who says so.</summary>
    public required IReadOnlyList<CitationRequest> Citations { get; init; }
}

/// <summary>Another name of an actor.</summary>
public sealed record ActorNameRequest
{
    /// <summary>The name.</summary>
    public required string Text { get; init; }

    /// <summary>Its language (BCP 47).</summary>
    public string? Lang { get; init; }

    /// <summary>What kind of name it is.</summary>
    public required string Kind { get; init; }
}

/// <summary>An identifier in another system.</summary>
public sealed record ActorIdentifierRequest
{
    /// <summary>The system.</summary>
    public required string Scheme { get; init; }

    /// <summary>The identifier, as the system writes it (`004`, not `4`).</summary>
    public required string Value { get; init; }
}

/// <summary>A status that the actor had for a time.</summary>
public sealed record ActorStatusRequest
{
    /// <summary>The status.</summary>
    public required string Status { get; init; }

    /// <summary>Since when (EDTF); null is open.</summary>
    public string? From { get; init; }

    /// <summary>Until when (EDTF); null is open.</summary>
    public string? To { get; init; }

    /// <summary>In whose eyes, where it is a judgement (recognition, a ban): an actor.</summary>
    public string? By { get; init; }

    /// <summary>Who says so; the actor's own citations hold where there are none.</summary>
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
        RuleFor(a => a.Sectors).Distinct(s => s, "A sector is given twice.");
        RuleForEach(a => a.Identifiers).ChildRules(identifier =>
        {
            identifier.RuleFor(i => i.Scheme).Code(Lists.IdentifierSchemes);
            identifier.RuleFor(i => i.Value).MaximumLength(ActorIdentifier.MaxValueLength)
                .Custom((value, context) =>
                {
                    if (value is not null && Lists.IdentifierSchemes.Contains(context.InstanceToValidate.Scheme)
                        && !ActorIdentifier.TryCreate(context.InstanceToValidate.Scheme, value, out _, out var error))
                    {
                        context.AddFailure(error);
                    }
                });
        });
        RuleFor(a => a.Identifiers).Distinct(i => (i.Scheme, i.Value), "An identifier is given twice.");
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
        RuleFor(s => s.From).EdtfEnd();
        RuleFor(s => s.To).EdtfEnd().Must((status, to) => Validity.IsInOrder(status.From, to)).WithMessage("The end is before the beginning.");
        RuleFor(s => s.By).Reference().When(s => s.By is not null);
        RuleFor(s => s.By).NotNull().When(s => Lists.ActorStatuses.FindOrNull(s.Status)?.MappingOrNull("judgement") == "true")
            .WithMessage("This status is a judgement: say whose.");
        RuleForEach(s => s.Citations).SetValidator(new CitationValidator());
    }
}
