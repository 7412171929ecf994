namespace TajikTaliban.Api.Hosting;

/// <summary>Logs: for a person at a terminal a line each, for a machine JSON.</summary>
internal static class Logging
{
    /// <summary>For commands, whose answer is their output: warnings alone, to standard error.</summary>
    public static ILoggerFactory Quiet { get; } = LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console => console.SingleLine = true));

    public static void AddServiceLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddServiceConsole(builder.Configuration);
        // it would begin an activity with each request, for logs that say nothing of requests
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
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
