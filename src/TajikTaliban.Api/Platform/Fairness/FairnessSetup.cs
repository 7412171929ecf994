using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Platform.Http;

namespace TajikTaliban.Api.Platform.Fairness;

/// <summary>Rate limits, queues, and whose word on the address of a client counts.</summary>
public static class FairnessSetup
{
    private const string TrustAll = "ForwardedHeaders_Enabled";

    public static void AddFairness(this IServiceCollection services)
    {
        services.AddOptions<FairnessSettings>().BindConfiguration(FairnessSettings.Section)
            // the binder reads an array only from several settings
            .Configure<IConfiguration>((settings, configuration) => settings.TrustedProxies ??=
                configuration[$"{FairnessSettings.Section}:{nameof(FairnessSettings.TrustedProxies)}"] is { } text ? [text] : null)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<FairnessSettings>, FairnessSettings>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<FairnessSettings>>().Value.ToOptions());
        services.AddSingleton<RateLimits>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<FairnessOptions>();
            return new BodyMemory(options.BodyBytes, options.MaxStreams);
        });
        services.AddSingleton<Turns>();
        services.AddHostedService<MemoryReturn>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<FairnessSettings>>((forwarded, settings) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                | ForwardedHeaders.XForwardedHost;
            // as many as there are trusted proxies in a row
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in settings.Value.ToProxies())
                forwarded.KnownIPNetworks.Add(network);
        });
    }

    /// <summary>Takes the address of the client, scheme and host from trusted proxies; from nobody where none is configured.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<FairnessSettings>>().Value.ToProxies().Count > 0)
        {
            app.UseForwardedHeaders();
        }
        else if (app.Configuration.GetValue<bool>(TrustAll))
        {
            // the framework would believe everybody
            throw new OptionsValidationException(FairnessSettings.Section, typeof(FairnessSettings),
                ["ASPNETCORE_FORWARDEDHEADERS_ENABLED lets every client choose its address. Name the networks of your proxies in "
                    + $"{FairnessSettings.Section}__{nameof(FairnessSettings.TrustedProxies)} instead."]);
        }
    }

    public static void UseRateLimits(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<RateLimits>();
        app.Use((http, next) => limits.RunAsync(http, next));
    }

    public static void UseTurns(this WebApplication app)
    {
        var turns = app.Services.GetRequiredService<Turns>();
        app.Use((http, next) => turns.RunAsync(http, next));
    }
}
