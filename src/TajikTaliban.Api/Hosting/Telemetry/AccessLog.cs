using System.Text;
using Microsoft.Extensions.Options;

namespace TajikTaliban.Api.Hosting.Telemetry;

/// <summary>
/// The access log: one line of JSON for each request. A request copies its line into memory; another thread writes what has gathered. No
/// request waits for the output: if it is slower than the requests, lines are left out and counted.
/// </summary>
internal sealed partial class AccessLog : BackgroundService
{
    private const int BufferBytes = 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _isHalfFull = new(0, 1);
    private readonly AccessLogOptions _options;
    private readonly ILogger<AccessLog> _log;
    private byte[] _filling = [];
    private byte[] _writing = [];
    private int _length;
    private long _dropped;
    private uint _reads;
    private Stream? _output;

    public AccessLog(IOptions<AccessLogOptions> options, ILogger<AccessLog> log)
    {
        (_options, _log) = (options.Value, log);
        if (IsOn)
            (_filling, _writing) = (new byte[BufferBytes], new byte[BufferBytes]);
    }

    public bool IsOn => _options.Output != AccessLogOptions.Off;

    /// <summary>Lines that were left out since the start.</summary>
    public long Dropped { get; private set; }

    /// <summary>How many reads a line for this one stands for; 0 for no line.</summary>
    public int SampleOfRead() =>
        _options.Sample == 1 ? 1 : Interlocked.Increment(ref _reads) % (uint)_options.Sample == 1 ? _options.Sample : 0;

    public void Add(in AccessLine line)
    {
        Span<byte> bytes = stackalloc byte[AccessLine.MaxBytes];
        var length = line.Write(bytes);
        lock (_gate)
        {
            if (_length + length > _filling.Length)
            {
                _dropped++;
                return;
            }

            var before = _length;
            bytes[..length].CopyTo(_filling.AsSpan(_length));
            _length += length;
            if (before > BufferBytes / 2 || _length <= BufferBytes / 2)
                return;
        }

        if (_isHalfFull.CurrentCount == 0)
            _isHalfFull.Release();
    }

    /// <exception cref="OptionsValidationException">The file cannot be opened.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _output = IsOn ? Open() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OptionsValidationException(
                AccessLogOptions.Section, typeof(AccessLogOptions), [$"AccessLog__Output cannot be written: {e.Message}"]);
        }

        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _isHalfFull.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_output is null)
            return;
        await using var output = _output;
        while (!stoppingToken.IsCancellationRequested)
        {
            await ((Task)_isHalfFull.WaitAsync(Interval, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Flush(output);
        }

        Flush(output);
    }

    private Stream Open() => _options.Output switch
    {
        AccessLogOptions.StandardOutput => Console.OpenStandardOutput(),
        AccessLogOptions.StandardError => Console.OpenStandardError(),
        var path => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1),
    };

    private void Flush(Stream output)
    {
        int length;
        long dropped;
        lock (_gate)
        {
            (_filling, _writing) = (_writing, _filling);
            (length, dropped) = (_length, _dropped);
            (_length, _dropped) = (0, 0);
        }

        try
        {
            // lines of the other logs are written under this lock: none comes between two parts of one of these
            lock (_options.Output == AccessLogOptions.StandardError ? Console.Error : Console.Out)
            {
                output.Write(_writing, 0, length);
                if (dropped > 0)
                {
                    output.Write(Encoding.ASCII.GetBytes(
                        $"{{\"Category\":\"TajikTaliban.Api.Access\",\"dropped\":{dropped}}}\n"));
                }

                output.Flush();
            }
        }
        catch (IOException e)
        {
            dropped++;
            LogBroken(_log, e.Message);
        }

        Dropped += dropped;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed to write the access log: {Problem}")]
    private static partial void LogBroken(ILogger log, string problem);
}
