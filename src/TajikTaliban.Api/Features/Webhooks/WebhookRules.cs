using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>Rules of the fields of a webhook endpoint.</summary>
internal static class WebhookRules
{
    public static void Target<T>(this IRuleBuilder<T, string?> rule, WebhookOptions options) => rule.Custom((url, context) =>
    {
        if (url is not null && TargetUrl.WhatIsWrong(url, options) is { } wrong)
            context.AddFailure(wrong);
    });

    public static void ResourceNames<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule, ResourceCatalogue catalogue) =>
        rule.Custom((names, context) =>
    {
        if (names is { Count: 0 })
            context.AddFailure("Name at least one resource, or use null for all.");
        for (var i = 0; i < names?.Count; i++)
        {
            // a null is reported as an error of form
            if (names[i] is not { } name)
                continue;
            if (names.Take(i).Contains(name))
                context.AddFailure($"{context.PropertyPath}[{i}]", "The resource appears twice.");
            if (catalogue.All.Any(r => r.Name == name))
                continue;
            var near = Suggest.Nearest(name, catalogue.All.Select(r => r.Name));
            context.AddFailure($"{context.PropertyPath}[{i}]",
                near is null ? $"Not a resource; use {string.Join(", ", catalogue.All.Select(r => r.Name))}."
                : $"Not a resource; did you mean '{near}'?");
        }
    });

    public static IRuleBuilderOptions<T, string?> PositionText<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || Position.TryParse(text, out _))
            .WithMessage("Not a position; use one that the service returned, such as 1042-5f0c2b9a.");
}
