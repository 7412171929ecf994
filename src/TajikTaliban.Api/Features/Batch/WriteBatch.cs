using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Npgsql;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Features.Batch;

/// <summary>What became of a line.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Outcome">`created`, `changed`, `unchanged` or `deleted`.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Id">The record's id, also where the line gave none.</param>
/// <param name="Version">The version that the record is at now.</param>
public sealed record BatchLineResponse(int Line, string Outcome, string Resource, string Id, int Version);

/// <summary>What became of a batch, all of which is committed. Its position is in the `Position` header.</summary>
/// <param name="Created">How many records were created.</param>
/// <param name="Changed">How many were changed.</param>
/// <param name="Unchanged">How many were so already.</param>
/// <param name="Deleted">How many were deleted.</param>
/// <param name="Lines">What became of each line, in the order of the lines.</param>
public sealed record BatchResponse(int Created, int Changed, int Unchanged, int Deleted, IReadOnlyList<BatchLineResponse> Lines);

/// <summary>
/// POST of <c>/v1/batch</c>: many writes in one transaction. Records are written after those they refer to, whatever the order of the lines,
/// and deletions last, those that refer to others first.
/// </summary>
internal static class WriteBatch
{
    public const int MostLines = 50_000;
    public const long MostBytes = 128L * 1024 * 1024;
    private const long MostToDrain = 32L * 1024 * 1024;
    private const int MostFaultyLines = 100;

    // classes of SQLSTATE
    private const string IntegrityViolation = "23";
    private const string DataException = "22";
    private static readonly string[] MediaTypes = ["application/x-ndjson", "application/jsonl", "application/json-seq"];

    public static async Task Handle(ResourceCatalogue catalogue, RecordEditors editors, TimeProvider time, NpgsqlDataSource database, HttpContext http, CancellationToken cancellation)
    {
        WriteRecord.RefuseQuery(http);
        var author = Positions.AuthorOf(http, time.GetUtcNow());
        var key = IdempotentWrite.KeyOrNull(http.Request);
        var (lines, digest) = await ReadAsync(http, catalogue, cancellation);
        Task<(WriteAnswer Answer, Domain.Position? Position, bool IsReplayed)> RunAsync(bool gather) =>
            IdempotentWrite.RunAsync(database, author, key, digest, async writer => new WriteAnswer(200, new Dictionary<string, string>(),
                JsonSerializer.SerializeToUtf8Bytes(await WriteAsync(writer, lines, gather, catalogue, editors, author, cancellation), ApiJson.Options)), cancellation);
        WriteAnswer answer;
        Domain.Position? position;
        bool isReplayed;
        try
        {
            (answer, position, isReplayed) = await RunAsync(gather: true);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith(IntegrityViolation, StringComparison.Ordinal) || e.SqlState.StartsWith(DataException, StringComparison.Ordinal))
        {
            // one of many records that were written at once: written one by one, it tells which
            (answer, position, isReplayed) = await RunAsync(gather: false);
        }

        if (isReplayed)
            http.Response.Headers[IdempotentWrite.ReplayedHeader] = "true";
        await answer.SendAsync(http, position, cancellation);
    }

    private static async Task<BatchResponse> WriteAsync(
        RecordWriter writer, IReadOnlyList<BatchLine> lines, bool gather, ResourceCatalogue catalogue, RecordEditors editors, Author author, CancellationToken cancellation)
    {
        var known = lines.Where(l => l.Operation == BatchOperation.Upsert && l.Id is not null && l.Resource.Target is not null)
            .Select(l => (l.Resource.Target!.Value, l.Id!)).ToHashSet();
        var scope = new WriteScope(author.Now, Known: known);
        var places = catalogue.All.Select((r, i) => (r, i)).ToDictionary(p => p.r, p => p.i);
        // a stable order: lines about one record keep theirs
        var order = lines.Where(l => l.Operation != BatchOperation.Delete).OrderBy(l => places[l.Resource])
            .Concat(lines.Where(l => l.Operation == BatchOperation.Delete).OrderByDescending(l => places[l.Resource])).ToList();
        var results = new BatchLineResponse[lines.Count];
        var errors = new Errors();
        var faulty = 0;
        var worst = ProblemType.InvalidRecord;
        var (cause, note) = (author.Cause, author.Note);
        await writer.PrepareAsync(
            lines.Where(l => l.Operation != BatchOperation.Delete && l.Id is not null).GroupBy(l => l.Resource).OrderBy(g => places[g.Key])
                .Select(g => (g.Key.Table, (IReadOnlyList<string>)[.. g.Select(l => l.Id!).Distinct()])), gather, cancellation);
        Resource? current = null;
        foreach (var line in order)
        {
            if (current != line.Resource)
                await writer.FlushAsync(cancellation);
            current = line.Resource;
            var (wantedCause, wantedNote) = (line.Cause ?? author.Cause, line.Note ?? author.Note);
            if (wantedCause != cause || wantedNote != note)
                await writer.GiveReasonAsync(cause = wantedCause, note = wantedNote, null, cancellation);
            try
            {
                results[line.Number - 1] = await WriteAsync(writer, line, editors.Of(line.Resource), scope, cancellation);
            }
            catch (ProblemException e)
            {
                // what is wrong is told of all lines at once; nothing of any is committed
                worst = faulty == 0 ? e.Type : worst == e.Type ? worst : ProblemType.InvalidRecord;
                Tell(e, line.Number, errors);
                if (++faulty == MostFaultyLines || e.IsOfDatabase)
                    break;
            }
        }

        if (faulty == 0)
        {
            await writer.FlushAsync(cancellation);
        }
        else
        {
            throw new ProblemException(worst.Status is 409 or 410 or 412 or 404 ? worst : ProblemType.InvalidRecord,
                $"{(faulty == MostFaultyLines ? $"{faulty} lines or more have" : faulty == 1 ? "One line has" : $"{faulty} lines have")} faults; nothing was written.", errors.All);
        }

        int Count(string outcome) => results.Count(r => r.Outcome == outcome);
        return new BatchResponse(Count("created"), Count("changed"), Count("unchanged"), Count("deleted"), results);
    }

    private static async Task<BatchLineResponse> WriteAsync(RecordWriter writer, BatchLine line, RecordEditor editor, WriteScope scope, CancellationToken cancellation)
    {
        var resource = line.Resource;
        switch (line.Operation)
        {
            case BatchOperation.Delete:
                var (tombstone, referrers) = await editor.DeleteAsync(writer, line.Id!, line.Condition, scope, cancellation);
                return tombstone is null
                    ? throw new ProblemException(ProblemType.StillReferenced, "/id", $"Records still refer to '{line.Id}': {string.Join(", ", referrers.Select(r => r.Id).Take(3))}{(referrers.Count > 3 ? ", …" : "")}.")
                    : new BatchLineResponse(line.Number, "deleted", resource.Name, line.Id!, tombstone.Version);
            case BatchOperation.Patch:
                return Of(await editor.PatchAsync(writer, line.Id!, line.Record, line.Condition, scope, cancellation));
            default:
                return Of(line.Id is null
                    ? await editor.CreateAsync(writer, line.Record, scope, cancellation)
                    : await editor.PutAsync(writer, line.Id, line.Record, line.Condition, scope, cancellation));
        }

        BatchLineResponse Of(Written written) => new(line.Number, written.Outcome.ToString().ToLowerInvariant(), resource.Name, written.Id, written.Version);
    }

    /// <summary>A fault of a record, told of its line: <c>/lines/12/record/name</c>.</summary>
    private static void Tell(ProblemException e, int line, Errors errors)
    {
        var at = $"/lines/{line}";
        if (e.Errors is null)
        {
            errors.Add(at, e.Message);
        }
        else
        {
            foreach (var (pointer, messages) in e.Errors)
            {
                foreach (var message in messages)
                {
                    errors.Add(pointer switch
                    {
                        "/header/If-Match" or "/header/If-None-Match" => $"{at}/version",
                        "/path/id" => $"{at}/id",
                        _ when e.Type == ProblemType.StillReferenced => $"{at}{pointer}",
                        _ => $"{at}/record{pointer}",
                    }, message);
                }
            }
        }
    }

    private static async Task<(IReadOnlyList<BatchLine> Lines, byte[] Digest)> ReadAsync(HttpContext http, ResourceCatalogue catalogue, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !MediaTypes.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase))
            throw new ProblemException(ProblemType.UnsupportedMediaType, "/header/Content-Type", "Send application/x-ndjson: a JSON object on each line.");
        if (type.Charset.HasValue && !type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(ProblemType.UnsupportedMediaType, "/header/Content-Type", "JSON is UTF-8 (RFC 8259); other charsets are not supported.");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MostBytes;
        var lines = new List<BatchLine>();
        var errors = new Errors();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("POST /v1/batch\n"u8);
        var number = 0;
        var reader = http.Request.BodyReader;
        var left = MostToDrain;
        ProblemException? refused = null;
        while (left > 0)
        {
            var read = await reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            try
            {
                while (refused is null && TakeLine(ref buffer, read.IsCompleted, out var line))
                    Take(line);
                if (refused is null && buffer.Length > Limits.BodyBytes)
                    throw TooLong();
            }
            catch (ProblemException e)
            {
                // what is still being sent is read and forgotten, or the client would see a broken connection instead of the answer
                refused = e;
            }

            if (refused is not null)
                left -= buffer.Length;
            reader.AdvanceTo(refused is null ? buffer.Start : buffer.End, buffer.End);
            if (read.IsCompleted)
                break;
        }

        if (refused is not null)
            throw refused;

        errors.ThrowIfAny(ProblemType.InvalidBody);
        return lines.Count > 0 ? (lines, hash.GetHashAndReset()) : throw new ProblemException(ProblemType.InvalidBody, "", "The body has no lines; send a JSON object on each.");

        ProblemException TooLong() => new(ProblemType.TooLarge, $"/lines/{number + 1}", "A line may have 1 MiB at most.");

        void Take(in ReadOnlySequence<byte> line)
        {
            if (line.Length > Limits.BodyBytes)
                throw TooLong();
            var bytes = line.ToArray();
            hash.AppendData(bytes);
            hash.AppendData("\n"u8);
            if (bytes.All(b => b is (byte)' ' or (byte)'\t' or (byte)'\r'))
                return;
            if (++number > MostLines)
                throw new ProblemException(ProblemType.TooLarge, "", $"A batch has {MostLines} lines at most; send the rest in another.");
            var at = $"/lines/{number}";
            try
            {
                var element = BodyReader.Parse(bytes).RootElement;
                var broken = new Errors();
                BodyReader.RefuseBrokenText(element, at, broken);
                if (broken.Any)
                {
                    foreach (var (pointer, messages) in broken.All)
                        errors.Add(pointer, messages[0]);
                }
                else if (BatchLine.ReadOrNull(element, number, at, catalogue, errors) is { } understood)
                {
                    lines.Add(understood);
                }
            }
            catch (ProblemException e)
            {
                errors.Add(at, e.Message);
            }

            if (errors.Count >= MostFaultyLines)
                errors.ThrowIfAny(ProblemType.InvalidBody);
        }
    }

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
