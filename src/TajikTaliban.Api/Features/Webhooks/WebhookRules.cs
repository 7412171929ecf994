using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>Rules of the fields of a webhook endpoint.</summary>
internal static class WebhookRules
{
    public static void Target<T>(this IRuleBuilder<T, string?> rule, WebhookOptions options) => rule.Custom((url, context) =>
    {
        if (url is not null && TargetUrl.WhatIsWrong(url, options) is { } wrong)
            context.AddFault(wrong);
    });

    public static void ResourceNames<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule, ResourceCatalogue catalogue) =>
        rule.Custom((names, context) =>
    {
        if (names is { Count: 0 })
            context.AddFault(Fault.TooFew("Name at least one resource, or use null for all."));
        for (var i = 0; i < names?.Count; i++)
        {
            // a null is reported as an error of form
            if (names[i] is not { } name)
                continue;
            if (names.Take(i).Contains(name))
                context.AddFault(Fault.Duplicate("The resource appears twice.", name), $"{context.PropertyPath}[{i}]");
            if (!catalogue.All.Any(r => r.Name == name))
                context.AddFault(catalogue.UnknownName(name), $"{context.PropertyPath}[{i}]");
        }
    });

    public static IRuleBuilderOptions<T, string?> PositionText<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || Position.TryParse(text, out _))
            .WithFault((_, text) => Fault.NotAPosition(text));
}
