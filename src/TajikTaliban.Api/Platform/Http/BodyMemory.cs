namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// The memory of bodies that wait for their clients. A body up to <see cref="FreeBytes"/> is not counted: connections are limited. Larger
/// ones take what they need from a common allowance. If it is used up, the client that takes its body slowest is cut (it can ask again, or
/// resume), unless all keep up; then a response waits for room, and ends with 503 if there is none.
/// </summary>
/// <param name="maxBytes">The bytes of all bodies together.</param>
/// <param name="maxStreams">Streams at once, each of which has two buffers that are not counted.</param>
public sealed class BodyMemory(long maxBytes = BodyMemory.DefaultBytes, int maxStreams = BodyMemory.DefaultStreams)
{
    /// <summary>Bytes of a body that are not counted.</summary>
    public const int FreeBytes = 64 * 1024;

    /// <summary>Bytes of records after which a page ends, whatever its limit; it has at least one.</summary>
    public const int PageBytes = 4 * 1024 * 1024;

    public const long DefaultBytes = 48 * 1024 * 1024;
    public const int DefaultStreams = 1_000;

    /// <summary>A client that takes less in a second is behind. (A page of 4 MB then takes two minutes.)</summary>
    private const double SlowBytesPerSecond = 32 * 1024;

    private const int RetryAfterSeconds = 2;
    private static readonly TimeSpan MinSending = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private readonly long _maxBytes = maxBytes;
    private readonly Lock _changing = new();
    private readonly HashSet<Lease> _leases = [];
    private long _used;
    private int _streams;

    /// <summary>The most bytes that were in use since <see cref="TakePeak"/>, the buffers of streams among them.</summary>
    private long _peak;

    /// <summary>Whether a body or a stream is under way.</summary>
    public bool IsIdle => Volatile.Read(ref _used) == 0 && Volatile.Read(ref _streams) == 0;

    /// <summary>Returns the peak, and begins a new one.</summary>
    public long TakePeak() => Interlocked.Exchange(ref _peak, 0);

    /// <summary>The bytes that are in use.</summary>
    public long Used => Volatile.Read(ref _used);

    public static BodyMemory Of(HttpContext http) => http.RequestServices.GetRequiredService<BodyMemory>();

    /// <summary>A lease for a body, of no bytes yet.</summary>
    public Lease Open(HttpContext http) => new(this, http, isStream: false);

    /// <summary>A lease for a stream.</summary>
    /// <exception cref="TooBusyException">There are as many streams as there may be.</exception>
    public Lease OpenStream(HttpContext http)
    {
        if (Interlocked.Increment(ref _streams) <= maxStreams)
        {
            Note();
            return new Lease(this, http, isStream: true);
        }

        Interlocked.Decrement(ref _streams);
        throw Busy();
    }

    private static TooBusyException Busy() => new("Too many responses wait for slow clients; retry.", RetryAfterSeconds);

    private bool TryResize(Lease lease, long bytes, long max)
    {
        lock (_changing)
        {
            if (bytes > lease.Bytes && _used + bytes - lease.Bytes > max)
                return false;
            _used += bytes - lease.Bytes;
            lease.Bytes = bytes;
            Note();
            if (bytes > 0)
                _leases.Add(lease);
            else
                _leases.Remove(lease);
            return true;
        }
    }

    private void Note() => _peak = Math.Max(_peak, _used + (_streams * (long)FreeBytes));

    private void CutSlowest(Lease asking)
    {
        Lease? slowest;
        lock (_changing)
        {
            slowest = _leases.Where(l => l != asking && !l.IsCut && l.IsBehind).MinBy(l => l.BytesPerSecond);
            if (slowest is null)
                return;
            slowest.IsCut = true;
        }

        slowest.Cut();
    }

    /// <summary>The memory of one body.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly BodyMemory _memory;
        private readonly HttpContext _http;
        private readonly bool _isStream;
        private readonly CancellationToken _aborted;
        private readonly long _began = Environment.TickCount64;
        private long _sent;
        private long _waitsSince;
        private bool _isClosed;

        internal Lease(BodyMemory memory, HttpContext http, bool isStream) =>
            (_memory, _http, _isStream, _aborted) = (memory, http, isStream, http.RequestAborted);

        internal long Bytes { get; set; }

        internal bool IsCut { get; set; }

        /// <summary>The pace of the client, of which a pause counts as soon as it is long.</summary>
        internal double BytesPerSecond
        {
            get
            {
                var now = Environment.TickCount64;
                var pause = Volatile.Read(ref _waitsSince) is > 0 and var since ? now - since : 0;
                return pause > MinSending.TotalMilliseconds ? Slices.Size * 1000.0 / pause
                    : Volatile.Read(ref _sent) * 1000.0 / Math.Max(1, now - _began);
            }
        }

        internal bool IsBehind =>
            Environment.TickCount64 - _began > MinSending.TotalMilliseconds && BytesPerSecond < SlowBytesPerSecond;

        /// <summary>
        /// Takes bytes that make a stream faster, from the half of the memory that is for them; returns whether it could.
        /// </summary>
        public bool TryResize(long bytes) => _memory.TryResize(this, bytes, _memory._maxBytes / 2);

        /// <summary>Takes bytes, and makes room for them.</summary>
        /// <exception cref="TooBusyException">There is no room.</exception>
        public async ValueTask ResizeAsync(long bytes)
        {
            var began = Environment.TickCount64;
            while (!_memory.TryResize(this, bytes, _memory._maxBytes))
            {
                if (Environment.TickCount64 - began > MaxWait.TotalMilliseconds)
                    throw Busy();
                _memory.CutSlowest(this);
                await Task.Delay(PollInterval, _aborted);
            }
        }

        /// <summary>Bytes are offered to the client.</summary>
        public void Sending() => Volatile.Write(ref _waitsSince, Environment.TickCount64);

        /// <summary>The client has taken them.</summary>
        public void Sent(int bytes)
        {
            Volatile.Write(ref _waitsSince, 0);
            Interlocked.Add(ref _sent, bytes);
        }

        public void Dispose()
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _memory.TryResize(this, 0, 0);
            if (_isStream)
                Interlocked.Decrement(ref _memory._streams);
        }

        internal void Cut() => _http.Abort();
    }
}
