using Microsoft.Extensions.Options;

namespace TajikTaliban.Api.Hosting.Telemetry;

/// <summary>Settings of the access log (<c>AccessLog:…</c>).</summary>
internal sealed class AccessLogOptions : IValidateOptions<AccessLogOptions>
{
    public const string Section = "AccessLog";
    public const string Off = "off";
    public const string StandardOutput = "stdout";
    public const string StandardError = "stderr";
    private const int MaxSample = 1_000_000;

    /// <summary>
    /// Where lines are written: <c>off</c>, <c>stdout</c>, <c>stderr</c> or the path of a file. <c>serve</c> writes to the standard output
    /// unless that is a terminal.
    /// </summary>
    public string Output { get; set; } = Off;

    /// <summary>One of how many reads without a fault has a line. Writes, faults and slow requests always have one.</summary>
    public int Sample { get; set; } = 1;

    public ValidateOptionsResult Validate(string? name, AccessLogOptions options) =>
        options.Sample is < 1 or > MaxSample
            ? ValidateOptionsResult.Fail($"AccessLog__Sample must be a whole number from 1 to {MaxSample}.")
            : string.IsNullOrWhiteSpace(options.Output)
                ? ValidateOptionsResult.Fail("AccessLog__Output must be off, stdout, stderr or the path of a file.")
                : ValidateOptionsResult.Success;
}
