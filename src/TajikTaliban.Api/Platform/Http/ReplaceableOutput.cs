using System.IO.Pipelines;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>The output of a connection, which passes everything through until a last response replaces what the server writes.</summary>
internal sealed class ReplaceableOutput(PipeWriter below) : PipeWriter
{
    private const int ScratchBytes = 4096;
    private byte[]? _replacement;
    private bool _isSent;

    /// <summary>The bytes that were sent on the connection, headers included.</summary>
    public long Sent { get; private set; }

    public override bool CanGetUnflushedBytes => below.CanGetUnflushedBytes;

    public override long UnflushedBytes => below.UnflushedBytes;

    /// <summary>From now on the bytes of the server are dropped; the replacement is sent in their place.</summary>
    public void Replace(byte[] response) => _replacement = response;

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        _replacement is null ? below.GetMemory(sizeHint) : new byte[Math.Max(sizeHint, ScratchBytes)];

    public override Span<byte> GetSpan(int sizeHint = 0) =>
        _replacement is null ? below.GetSpan(sizeHint) : new byte[Math.Max(sizeHint, ScratchBytes)];

    public override void Advance(int bytes)
    {
        if (_replacement is not null)
            return;
        Sent += bytes;
        below.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_replacement is null || _isSent)
            return below.FlushAsync(cancellationToken);
        _isSent = true;
        Sent += _replacement.Length;
        return below.WriteAsync(_replacement, cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_replacement is not null)
            return FlushAsync(cancellationToken);
        Sent += source.Length;
        return below.WriteAsync(source, cancellationToken);
    }

    public override void CancelPendingFlush() => below.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => below.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => below.CompleteAsync(exception);
}

/// <summary>A connection with such an output.</summary>
internal sealed class ReplaceableTransport(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;
}
