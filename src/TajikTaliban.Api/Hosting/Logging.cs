namespace TajikTaliban.Api.Hosting;

/// <summary>Logs: lines on a terminal, JSON elsewhere.</summary>
internal static class Logging
{
    /// <summary>For commands with output of their own: only warnings, on standard error.</summary>
    public static ILoggerFactory Quiet { get; } = LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console => console.SingleLine = true));

    public static void AddServiceLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddServiceConsole(builder.Configuration);
        // a stranger causes any number of them; refusals are logged together
        builder.Logging.AddFilter("TajikTaliban.Api.Platform.Auth.KeyAuthentication", LogLevel.Warning);
        // it starts an activity per request, and no log uses it
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }

    /// <summary>
    /// Drops the log entries of the host and the server about a failed start: the command reports the error without a stack trace.
    /// </summary>
    public static void AddStartFilter(this ILoggingBuilder logging, Func<bool> isStarting)
    {
        foreach (var category in new[] { "Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel" })
            logging.AddFilter(category, level => level >= LogLevel.Warning && !(isStarting() && level >= LogLevel.Error));
    }

    public static ILoggingBuilder AddServiceConsole(this ILoggingBuilder logging, IConfiguration configuration) =>
        configuration["Logging:Console:FormatterName"] is null && !Console.IsOutputRedirected
            ? logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            })
            : logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
}
