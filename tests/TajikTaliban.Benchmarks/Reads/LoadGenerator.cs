using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TajikTaliban.Benchmarks.Reads;

/// <summary>What a round of requests showed.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="Seconds">In which time.</param>
/// <param name="Latencies">Of each request, in microseconds, ascending.</param>
internal sealed record Round(int Requests, double Seconds, float[] Latencies)
{
    /// <summary>What the server's process used meanwhile.</summary>
    public TimeSpan ProcessorTime { get; init; }

    public double PerSecond => Requests / Seconds;

    public float Percentile(double part) => Latencies[Math.Min(Latencies.Length - 1, (int)(Latencies.Length * part))];
}

/// <summary>
/// Sends requests over a number of connections, each the next as soon as the last is answered. Each connection is a thread that blocks in
/// the system's own calls: the least that a client can cost beside the servers, whose processor it shares.
/// </summary>
internal static class LoadGenerator
{
    public static Round Run(Uri server, byte[][] requests, int connections, TimeSpan duration, int seed)
    {
        var workers = new Worker[connections];
        for (var i = 0; i < connections; i++)
            workers[i] = new Worker(server, requests, new Random(seed + i), duration);
        var watch = Stopwatch.StartNew();
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
        var seconds = watch.Elapsed.TotalSeconds;
        if (Array.Find(workers, w => w.Error is not null)?.Error is { } error)
            throw new BenchmarkException($"A request failed: {error}");
        float[] latencies = [.. workers.SelectMany(w => w.Latencies)];
        Array.Sort(latencies);
        return new Round(latencies.Length, seconds, latencies);
    }

    /// <summary>The body of one answer.</summary>
    public static byte[] Get(Uri server, byte[] request)
    {
        using var connection = new Connection(server);
        return connection.Exchange(request, true);
    }

    private sealed class Worker(Uri server, byte[][] requests, Random random, TimeSpan duration)
    {
        private Thread? _thread;

        public List<float> Latencies { get; } = new(1 << 16);

        public Exception? Error { get; private set; }

        public void Start()
        {
            _thread = new Thread(Run, 256 * 1024);
            _thread.Start();
        }

        public void Join() => _thread!.Join();

        private void Run()
        {
            try
            {
                using var connection = new Connection(server);
                var (start, ticks) = (Stopwatch.GetTimestamp(), (long)(duration.TotalSeconds * Stopwatch.Frequency));
                for (var before = start; before - start < ticks;)
                {
                    connection.Exchange(requests[random.Next(requests.Length)], false);
                    var after = Stopwatch.GetTimestamp();
                    Latencies.Add((float)((after - before) * 1e6 / Stopwatch.Frequency));
                    before = after;
                }
            }
            catch (Exception e) when (e is SocketException or BenchmarkException)
            {
                Error = e;
            }
        }
    }

    /// <summary>HTTP/1.1 as far as the two servers speak it: a status, headers with a length, a body.</summary>
    private sealed class Connection : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private byte[] _buffer = new byte[256 * 1024];

        public Connection(Uri server) => _socket.Connect(IPAddress.Loopback, server.Port);

        public byte[] Exchange(byte[] request, bool keep)
        {
            _socket.Send(request);
            var (received, headers, length) = (0, -1, 0);
            while (headers < 0 || received < headers + length)
            {
                var read = _socket.Receive(_buffer, received, _buffer.Length - received, SocketFlags.None);
                if (read == 0)
                    throw new BenchmarkException("The server closed the connection.");
                received += read;
                if (headers < 0)
                {
                    var end = _buffer.AsSpan(0, received).IndexOf("\r\n\r\n"u8);
                    if (end < 0)
                        continue;
                    headers = end + 4;
                    length = Length(_buffer.AsSpan(0, end));
                    if (headers + length > _buffer.Length)
                        Array.Resize(ref _buffer, headers + length);
                }
            }

            return keep ? _buffer[headers..received] : [];
        }

        public void Dispose() => _socket.Dispose();

        private static int Length(ReadOnlySpan<byte> head)
        {
            var name = "Content-Length: "u8;
            var at = head.IndexOf(name);
            if (!head.StartsWith("HTTP/1.1 200 "u8) || at < 0
                || !System.Buffers.Text.Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _))
            {
                throw new BenchmarkException($"Not an answer to measure:\n{System.Text.Encoding.ASCII.GetString(head)}");
            }

            return length;
        }
    }
}
