using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Platform.Http;

namespace TajikTaliban.Api.Platform.Fairness;

/// <summary>The settings <c>Fairness:…</c> as text. Faulty ones end the start of the service.</summary>
public sealed class FairnessSettings : IValidateOptions<FairnessSettings>
{
    public const string Section = "Fairness";

    private const int MaxPoints = 100_000_000;
    private const long Megabyte = 1024 * 1024;

    /// <summary>Room for some pages of the largest size.</summary>
    private const int MinMegabytes = 16;

    public string? NetworkPoints { get; set; }

    public string? KeyPoints { get; set; }

    public string? MaxHeavyQueue { get; set; }

    public string? MaxBulkQueue { get; set; }

    public string? MaxWait { get; set; }

    public string? MaxStreams { get; set; }

    /// <summary>In megabytes of 1,048,576 bytes.</summary>
    public string? BodyMegabytes { get; set; }

    /// <summary>
    /// Networks (CIDR) of proxies whose <c>X-Forwarded-…</c> is believed: an array, or one text with commas between them.
    /// </summary>
    public string[]? TrustedProxies { get; set; }

    public ValidateOptionsResult Validate(string? name, FairnessSettings options)
    {
        var errors = new List<string>();
        options.Read(errors);
        options.Proxies(errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>The options of these settings; they have been validated.</summary>
    public FairnessOptions ToOptions() => Read([]);

    /// <summary>The networks of trusted proxies; they have been validated.</summary>
    public IReadOnlyList<IPNetwork> ToProxies() => Proxies([]);

    private FairnessOptions Read(List<string> errors)
    {
        var defaults = new FairnessOptions();
        return new FairnessOptions
        {
            NetworkPoints = Points(nameof(NetworkPoints), NetworkPoints, defaults.NetworkPoints, errors),
            KeyPoints = Points(nameof(KeyPoints), KeyPoints, defaults.KeyPoints, errors),
            MaxHeavyQueue = Whole(nameof(MaxHeavyQueue), MaxHeavyQueue, defaults.MaxHeavyQueue, 0, errors),
            MaxBulkQueue = Whole(nameof(MaxBulkQueue), MaxBulkQueue, defaults.MaxBulkQueue, 0, errors),
            MaxWait = Wait(defaults.MaxWait, errors),
            MaxStreams = Whole(nameof(MaxStreams), MaxStreams, defaults.MaxStreams, 1, errors),
            BodyBytes = Megabyte * Whole(
                nameof(BodyMegabytes), BodyMegabytes, (int)(defaults.BodyBytes / Megabyte), MinMegabytes, errors),
        };
    }

    private List<IPNetwork> Proxies(List<string> errors)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in (TrustedProxies
            ?? []).SelectMany(t => t.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (NetworkText.ReadOrNull(text) is { } network)
                networks.Add(network);
            else
                errors.Add(Wrong(nameof(TrustedProxies), text, NetworkText.Form));
        }

        return networks;
    }

    private static int Points(string name, string? text, int unset, List<string> errors)
    {
        if (string.IsNullOrEmpty(text))
            return unset;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var points)
            && points is 0 or >= FairnessOptions.MinPoints and <= MaxPoints)
        {
            return points;
        }

        errors.Add(Wrong(name, text,
            $"use a number of points a minute from {FairnessOptions.MinPoints} to {MaxPoints}, or 0 for no limit"));
        return unset;
    }

    private static int Whole(string name, string? text, int unset, int min, List<string> errors)
    {
        if (string.IsNullOrEmpty(text))
            return unset;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= 10_000)
        {
            return number;
        }

        errors.Add(Wrong(name, text, $"use a whole number from {min} to 10000"));
        return unset;
    }

    private TimeSpan Wait(TimeSpan unset, List<string> errors)
    {
        if (string.IsNullOrEmpty(MaxWait))
            return unset;
        if (TimeSpan.TryParse(MaxWait, CultureInfo.InvariantCulture, out var time)
            && time > TimeSpan.Zero && time <= TimeSpan.FromMinutes(1))
        {
            return time;
        }

        errors.Add(Wrong(nameof(MaxWait), MaxWait, "use a time such as 00:00:08, at most a minute"));
        return unset;
    }

    private static string Wrong(string name, string value, string use) => $"{Section}__{name} is '{value}', which is not valid; {use}.";
}
