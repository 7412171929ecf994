using System.Globalization;
using System.Net;

namespace TajikTaliban.Api.Hosting.Telemetry;

/// <summary>A line of the access log. It has no value of a query or a header but the names of parameters.</summary>
internal readonly record struct AccessLine
{
    /// <summary>Bytes of the longest line.</summary>
    public const int MaxBytes = 4096;

    private const int MaxPath = 300;
    private const int MaxQuery = 200;

    public required DateTime At { get; init; }

    public required string Request { get; init; }

    /// <summary>The address of a request with a key or a fault; the network of others.</summary>
    public required IPAddress? Address { get; init; }

    /// <summary>The length of the network; 0 for an address.</summary>
    public required int Network { get; init; }

    /// <summary>The pseudonym of the key.</summary>
    public required string? Key { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string Query { get; init; }

    public required int Status { get; init; }

    public required long Bytes { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>How many requests the line stands for.</summary>
    public required int Sample { get; init; }

    /// <summary>Writes the line as JSON; returns its length.</summary>
    public int Write(Span<byte> target)
    {
        var line = new Utf8Line(target);
        line.Add("{\"Timestamp\":\""u8);
        line.Add(At, "O");
        line.Add("\",\"Category\":\"TajikTaliban.Api.Access\",\"request\":\""u8);
        line.Text(Request, 64);
        if (Address is not null)
        {
            line.Add("\",\"address\":\""u8);
            line.Add(Address, default);
            if (Network > 0)
            {
                line.Add("/"u8);
                line.Add(Network, default);
            }
        }

        if (Key is not null)
        {
            line.Add("\",\"key\":\""u8);
            line.Text(Key, 64);
        }

        line.Add("\",\"method\":\""u8);
        line.Text(Method, 20);
        line.Add("\",\"path\":\""u8);
        line.Text(Path, MaxPath);
        if (Query.Length > 1)
        {
            line.Add("\",\"parameters\":\""u8);
            Parameters(ref line);
        }

        line.Add("\",\"status\":"u8);
        line.Add(Status, default);
        line.Add(",\"bytes\":"u8);
        line.Add(Bytes, default);
        line.Add(",\"ms\":"u8);
        line.Add(Duration.TotalMilliseconds, "0.##");
        if (Sample > 1)
        {
            line.Add(",\"sample\":"u8);
            line.Add(Sample, default);
        }

        line.Add("}\n"u8);
        return line.Length;
    }

    /// <summary>The names of the parameters, as they were sent.</summary>
    private void Parameters(ref Utf8Line line)
    {
        var rest = Query.AsSpan(1);
        var left = MaxQuery;
        for (var isFirst = true; rest.Length > 0 && left > 0; isFirst = false)
        {
            var end = rest.IndexOf('&');
            var part = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            var equals = part.IndexOf('=');
            var name = equals < 0 ? part : part[..equals];
            if (!isFirst)
                line.Add(","u8);
            line.Text(name, left);
            left -= name.Length + 1;
        }
    }

    /// <summary>Bytes of a line that is being written.</summary>
    private ref struct Utf8Line(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Length { get; private set; }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_target[Length..]);
            Length += bytes.Length;
        }

        public void Add<T>(T value, ReadOnlySpan<char> format)
            where T : IUtf8SpanFormattable
        {
            if (value.TryFormat(_target[Length..], out var written, format, CultureInfo.InvariantCulture))
                Length += written;
        }

        /// <summary>Text within quotes: what is not printable ASCII is escaped.</summary>
        public void Text(ReadOnlySpan<char> text, int max)
        {
            if (text.Length > max)
                text = text[..max];
            foreach (var c in text)
            {
                if (c is >= ' ' and <= '~' and not ('"' or '\\'))
                {
                    _target[Length++] = (byte)c;
                }
                else
                {
                    Add("\\u"u8);
                    Add((ushort)c, "x4");
                }
            }
        }
    }
}
