using System.Globalization;
using Microsoft.Extensions.Options;

namespace TajikTaliban.Api.Platform.Deadlines;

/// <summary>How long requests may take until the first byte of their response.</summary>
public sealed record RequestLimits
{
    /// <summary>A request that reads. A long poll has as long again after its <c>wait</c>.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A request that writes a record, with the time in which its body arrives.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A request that writes many records: a batch, a merge.</summary>
    public TimeSpan Batch { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>The settings <c>Limits:…</c> as text. Faulty ones end the start of the service.</summary>
public sealed class RequestLimitSettings : IValidateOptions<RequestLimitSettings>
{
    public const string Section = "Limits";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public string? Deadline { get; set; }

    public string? Write { get; set; }

    public string? Batch { get; set; }

    public ValidateOptionsResult Validate(string? name, RequestLimitSettings options)
    {
        var errors = new List<string>();
        options.Read(errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>The limits of these settings; they have been validated.</summary>
    public RequestLimits ToLimits() => Read([]);

    private RequestLimits Read(List<string> errors)
    {
        var defaults = new RequestLimits();
        return new RequestLimits
        {
            Deadline = Time(nameof(Deadline), Deadline, defaults.Deadline, errors),
            Write = Time(nameof(Write), Write, defaults.Write, errors),
            Batch = Time(nameof(Batch), Batch, defaults.Batch, errors),
        };
    }

    private static TimeSpan Time(string name, string? text, TimeSpan unset, List<string> errors)
    {
        if (string.IsNullOrEmpty(text))
            return unset;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero && time <= Longest)
            return time;
        errors.Add($"{Section}__{name} is '{text}', which is not valid; use a time such as 00:00:10, at most one hour.");
        return unset;
    }
}
