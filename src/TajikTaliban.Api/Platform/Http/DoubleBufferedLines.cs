using System.Buffers;
using System.Text.Json;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>Any number of JSON lines, through <see cref="DoubleBufferedBody"/>.</summary>
internal sealed class DoubleBufferedLines(HttpResponse response, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly Utf8JsonWriter _json = new(Stream.Null, ApiJson.Writing);
    private readonly DoubleBufferedBody _body = new(response, cancellation);

    public bool IsFull => _body.IsFull;

    public int PartSize => _body.PartSize;

    /// <summary>Bytes of all lines.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds the written object as a line.</summary>
    public void Add(Action<Utf8JsonWriter> write)
    {
        _json.Reset(_body.Output);
        write(_json);
        _json.Flush();
        _body.Output.Write("\n"u8);
        Bytes += _json.BytesCommitted + 1;
    }

    public Task SendAsync() => _body.SendAsync();

    public Task EndAsync() => _body.EndAsync();

    public async ValueTask DisposeAsync()
    {
        await _body.DisposeAsync();
        await _json.DisposeAsync();
    }
}
