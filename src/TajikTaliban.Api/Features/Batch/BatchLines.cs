using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Features.Batch;

/// <summary>
/// The lines of a request as changes, or the members of an array, which count as lines. Each is kept once, as the bytes that its JSON is
/// read from.
/// </summary>
internal sealed class BatchLines(HttpContext http, ResourceCatalogue catalogue) : IDisposable
{
    public const int MaxLines = 50_000;
    private const long MaxBytes = 128L * 1024 * 1024;
    private const long MaxDrainedBytes = 32L * 1024 * 1024;
    private const string Json = "application/json";
    private static readonly string[] MediaTypes = ["application/x-ndjson", "application/jsonl", "application/json-seq", Json];

    private readonly IncrementalHash _digest = IdempotentWrite.BeginDigest(http.Request);
    private readonly Errors _errors = new();

    /// <summary>Where the reading of an array is; null where the request has lines.</summary>
    private JsonArrayMembers? _array;

    /// <summary>The number of the last line, as a text editor counts: empty lines too.</summary>
    private int _number;

    /// <summary>How many lines were not empty.</summary>
    private int _filled;

    /// <summary>The digest of the request, once all lines are read.</summary>
    public byte[] Digest() => _digest.GetCurrentHash();

    public void Dispose() => _digest.Dispose();

    /// <summary>Yields the changes in the order of the lines; at the end throws the faults of form of all lines, if there are
    /// any.</summary>
    public async IAsyncEnumerable<RecordChange> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        RequireMediaType();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBytes;
        var reader = http.Request.BodyReader;
        var hasLines = false;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var (changes, end, refused) = Take(read);
            reader.AdvanceTo(refused is null ? end : read.Buffer.End, read.Buffer.End);
            if (refused is not null)
            {
                await DrainAsync(reader, read, cancellation);
                throw refused;
            }

            hasLines |= changes.Count > 0;
            foreach (var change in changes)
                yield return change;
            if (read.IsCompleted)
                break;
        }

        _errors.ThrowIfAny(ProblemType.InvalidBody);
        if (!hasLines)
        {
            throw new ProblemException(ProblemType.InvalidBody, "",
                new Fault(FaultCode.EmptyBody, _array is null ? "The body has no lines; send a JSON object on each."
                    : "The body has no changes; send an array of JSON objects."));
        }
    }

    private void RequireMediaType()
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !MediaTypes.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase))
        {
            throw new ProblemException(
                ProblemType.UnsupportedMediaType, "/header/Content-Type",
                Fault.UnsupportedMediaType(
                    "Send application/x-ndjson, a JSON object on each line, or application/json, an array of the same objects.",
                    MediaTypes));
        }

        if (type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
            _array = new JsonArrayMembers();

        if (type.Charset.HasValue && !type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(ProblemType.UnsupportedMediaType, "/header/Content-Type", Fault.NotUtf8);
        }
    }

    /// <summary>The changes of the whole lines that have arrived, their end, and why no more is read, if so.</summary>
    private (List<RecordChange> Changes, SequencePosition End, ProblemException? Refused) Take(ReadResult read)
    {
        var changes = new List<RecordChange>();
        var buffer = read.Buffer;
        try
        {
            while (Take(ref buffer, read.IsCompleted, out var line))
            {
                if (ReadOrNull(line) is { } change)
                    changes.Add(change);
            }

            if (buffer.Length > Limits.BodyBytes)
                throw TooLong();
        }
        catch (ProblemException e)
        {
            return (changes, buffer.Start, e);
        }

        return (changes, buffer.Start, null);
    }

    /// <summary>Reads the rest of a refused body: a client that is still sending would see a broken connection instead of the
    /// response.</summary>
    private static async Task DrainAsync(PipeReader reader, ReadResult read, CancellationToken cancellation)
    {
        var left = MaxDrainedBytes - read.Buffer.Length;
        while (!read.IsCompleted && left > 0)
        {
            read = await reader.ReadAsync(cancellation);
            left -= read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    private ProblemException TooLong() => new(ProblemType.TooLarge, $"/{BatchLine.Source}/{_number + 1}",
        new Fault(FaultCode.TooLarge, "The line is longer than 1 MiB.", ("max", Limits.BodyBytes)));

    private RecordChange? ReadOrNull(in ReadOnlySequence<byte> line)
    {
        if (line.Length > Limits.BodyBytes)
            throw TooLong();
        _number++;
        var bytes = line.ToArray();
        _digest.AppendData(bytes);
        _digest.AppendData("\n"u8);
        if (bytes.All(b => b is (byte)' ' or (byte)'\t' or (byte)'\r'))
            return null;
        if (++_filled > MaxLines)
        {
            throw new ProblemException(ProblemType.TooLarge, "",
                new Fault(FaultCode.TooMany, $"The batch has more than {MaxLines} lines; send the rest in another batch.",
                    ("max", MaxLines)));
        }

        var change = ReadOrNull(bytes, $"/{BatchLine.Source}/{_number}");
        if (_errors.Count >= RecordBatch.MaxFaults)
            _errors.ThrowIfAny(ProblemType.InvalidBody);
        return change;
    }

    private RecordChange? ReadOrNull(byte[] line, string at)
    {
        try
        {
            var element = BodyReader.Parse(line).RootElement;
            var broken = new Errors();
            BodyReader.RefuseBrokenText(element, at, broken);
            if (!broken.Any)
                return BatchLine.ReadOrNull(element, _number, catalogue, _errors);
            _errors.AddAll(broken);
        }
        catch (ProblemException e)
        {
            _errors.Add(at, e.Fault);
        }

        return null;
    }

    private bool Take(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line) =>
        _array is null ? TakeLine(ref buffer, isLast, out line) : _array.Take(ref buffer, isLast, out line);

    private static bool TakeLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        line = buffer;
        if (!isLast || buffer.IsEmpty)
            return false;
        buffer = buffer.Slice(buffer.End);
        return true;
    }
}
