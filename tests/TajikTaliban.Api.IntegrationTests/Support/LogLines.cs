using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>The lines that a service logs, from warnings on unless a test needs more.</summary>
public sealed class LogLines(LogLevel from = LogLevel.Warning) : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> All { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= from;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            All.Enqueue(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
