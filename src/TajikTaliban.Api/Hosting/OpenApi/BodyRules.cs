using System.Reflection;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Validators;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The validation rules of bodies by field: the contract states what the service enforces.</summary>
internal sealed class BodyRules
{
    /// <param name="Validator">The rule.</param>
    /// <param name="OfMembers">True for a rule of the members of an array.</param>
    public sealed record Rule(IPropertyValidator Validator, bool OfMembers);

    private readonly Dictionary<(Type, string), List<Rule>> _rules = [];
    private readonly HashSet<(Type, Type)> _walked = [];

    public BodyRules(ResourceCatalogue resources, RecordEditors editors, IServiceProvider services)
    {
        foreach (var resource in resources.All)
            Walk(editors.Of(resource).Rules, resource.RequestType);
        foreach (var (validator, body) in Others(services))
            Walk(validator, body);
    }

    /// <summary>The rules of bodies that are not records, as the service uses them.</summary>
    private static IEnumerable<(IValidator Validator, Type Body)> Others(IServiceProvider services) =>
        from type in typeof(BodyRules).Assembly.GetTypes()
        where type.BaseType is { IsGenericType: true } parent && parent.GetGenericTypeDefinition() == typeof(AbstractValidator<>)
        let validator = services.GetService(type)
            ?? (type.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(type))
        where validator is not null
        select ((IValidator)validator, type.BaseType!.GenericTypeArguments[0]);

    public IReadOnlyList<Rule> Of(Type type, string field) => _rules.TryGetValue((type, field), out var rules) ? rules : [];

    private void Walk(IValidator validator, Type type)
    {
        // inline validators have a type each; others are shared
        if (validator.GetType().IsNested is false && !validator.GetType().IsGenericType && !_walked.Add((validator.GetType(), type)))
            return;
        foreach (var rule in validator.CreateDescriptor().Rules)
        {
            if (rule.Member is not PropertyInfo member)
                continue;
            var ofMembers = member.PropertyType != rule.TypeToValidate && Nullable.GetUnderlyingType(member.PropertyType) is null
                && !member.PropertyType.IsAssignableTo(rule.TypeToValidate);
            foreach (var component in rule.Components)
            {
                if (component.Validator is IChildValidatorAdaptor child)
                {
                    Walk(ValidatorOf(child), rule.TypeToValidate);
                }
                else if (member.PropertyType == typeof(string) || !component.HasCondition || component.Validator is not INotEmptyValidator)
                {
                    // a list that must not be empty under a condition may be so without it; that of a text is that it is there
                    var key = (type, JsonNamingPolicy.CamelCase.ConvertName(member.Name));
                    if (!_rules.TryGetValue(key, out var rules))
                        _rules[key] = rules = [];
                    rules.Add(new Rule(component.Validator, ofMembers));
                }
            }
        }
    }

    /// <summary>The library exposes the type of a child validator, and the validator itself only for a context.</summary>
    private static IValidator ValidatorOf(IChildValidatorAdaptor child)
    {
        var owner = child.GetType().GenericTypeArguments[0];
        var context = Activator.CreateInstance(typeof(ValidationContext<>).MakeGenericType(owner), Activator.CreateInstance(owner));
        return child.GetType().GetMethod("GetValidator")?.Invoke(child, [context, null]) as IValidator
            ?? throw new InvalidOperationException($"The rules of {child.ValidatorType} cannot be read: FluentValidation has changed.");
    }
}
