using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Platform.Http;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>The settings <c>Webhooks:…</c> as text. Faulty ones end the start of the service.</summary>
public sealed class WebhookSettings : IValidateOptions<WebhookSettings>
{
    public const string Section = "Webhooks";

    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(7);

    public string? AllowHttp { get; set; }

    /// <summary>An array of networks, or one text with commas between them.</summary>
    public string[]? AllowedNetworks { get; set; }

    public string? SecretKey { get; set; }

    public string? Attempts { get; set; }

    public string? FirstDelay { get; set; }

    public string? DelayFactor { get; set; }

    public string? MaxDelay { get; set; }

    public string? Timeout { get; set; }

    public string? Parallel { get; set; }

    public string? KeptAttempts { get; set; }

    public string? MaxEndpoints { get; set; }

    public ValidateOptionsResult Validate(string? name, WebhookSettings options)
    {
        var errors = new List<string>();
        options.Read(errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>The options of these settings; they have been validated.</summary>
    public WebhookOptions ToOptions() => Read([]);

    private WebhookOptions Read(List<string> errors)
    {
        var defaults = new WebhookOptions();
        return new WebhookOptions
        {
            AllowHttp = Flag(errors),
            AllowedNetworks = Networks(errors),
            SecretKey = Key(errors),
            Attempts = Whole(nameof(Attempts), Attempts, defaults.Attempts, 100, errors),
            FirstDelay = Time(nameof(FirstDelay), FirstDelay, defaults.FirstDelay, errors),
            DelayFactor = Factor(defaults.DelayFactor, errors),
            MaxDelay = Time(nameof(MaxDelay), MaxDelay, defaults.MaxDelay, errors),
            Timeout = Time(nameof(Timeout), Timeout, defaults.Timeout, errors),
            Parallel = Whole(nameof(Parallel), Parallel, defaults.Parallel, 1000, errors),
            KeptAttempts = Whole(nameof(KeptAttempts), KeptAttempts, defaults.KeptAttempts, 100_000, errors),
            MaxEndpoints = Whole(nameof(MaxEndpoints), MaxEndpoints, defaults.MaxEndpoints, 100_000, errors),
        };
    }

    private bool Flag(List<string> errors)
    {
        if (string.IsNullOrEmpty(AllowHttp) || bool.TryParse(AllowHttp, out var allowed))
            return bool.TryParse(AllowHttp, out allowed) && allowed;
        errors.Add(Wrong(nameof(AllowHttp), AllowHttp, "use true or false"));
        return false;
    }

    private List<IPNetwork> Networks(List<string> errors)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in (AllowedNetworks
            ?? []).SelectMany(t => t.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (NetworkText.ReadOrNull(text) is { } network)
                networks.Add(network);
            else
                errors.Add(Wrong(nameof(AllowedNetworks), text, NetworkText.Form));
        }

        return networks;
    }

    private byte[]? Key(List<string> errors)
    {
        if (string.IsNullOrEmpty(SecretKey))
            return null;
        var key = new byte[SecretSeal.KeyBytes + 1];
        if (Convert.TryFromBase64String(SecretKey, key, out var length) && length == SecretSeal.KeyBytes)
            return key[..length];
        errors.Add($"{Section}__{nameof(SecretKey)} is not valid; use {SecretSeal.KeyBytes} random bytes in base64.");
        return null;
    }

    private double Factor(double unset, List<string> errors)
    {
        if (string.IsNullOrEmpty(DelayFactor))
            return unset;
        if (double.TryParse(DelayFactor, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
            && factor is >= 1 and <= 1000)
        {
            return factor;
        }

        errors.Add(Wrong(nameof(DelayFactor), DelayFactor, "use a number from 1 to 1000"));
        return unset;
    }

    private static TimeSpan Time(string name, string? text, TimeSpan unset, List<string> errors)
    {
        if (string.IsNullOrEmpty(text))
            return unset;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero && time <= MaxTime)
            return time;
        errors.Add(Wrong(name, text, "use a time such as 00:00:15, at most 7 days"));
        return unset;
    }

    private static int Whole(string name, string? text, int unset, int max, List<string> errors)
    {
        if (string.IsNullOrEmpty(text))
            return unset;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max)
            return number;
        errors.Add(Wrong(name, text, $"use a whole number from 1 to {max}"));
        return unset;
    }

    private static string Wrong(string name, string value, string use) => $"{Section}__{name} is '{value}', which is not valid; {use}.";
}
