using System.Security.Cryptography;
using System.Text;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>A response whose writes are committed.</summary>
/// <param name="Response">The response.</param>
/// <param name="Commit">The commit; null if no record changed.</param>
/// <param name="IsReplayed">Whether it is the stored response to an earlier request.</param>
public sealed record CommittedResponse(WriteResponse Response, Commit? Commit, bool IsReplayed);

/// <summary>
/// <c>Idempotency-Key</c>: a request with the key of an earlier one, and the same in all else that it asks for, gets the stored response
/// and changes nothing. The key is stored in the transaction of the write, so that the second of two concurrent requests waits for
/// the first. Responses are kept for at least two days.
/// </summary>
public sealed class IdempotentWrite(WriteTransaction transaction, IdempotencyKeys keys)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    private const int MaxCharacters = 255;
    private const int PruneOneIn = 128;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(48);

    /// <summary>The key of a request; null if it has none.</summary>
    public static string? KeyOrNull(HttpRequest request)
    {
        var header = request.Headers[Header];
        if (header.Count == 0)
            return null;
        return header is [{ Length: > 0 and <= MaxCharacters } key] && key.All(c => c is >= ' ' and <= '~') ? key
            : throw ProblemException.Header(Header,
                new Fault(FaultCode.NotAKey,
                    $"The idempotency key must have 1 to {MaxCharacters} printable ASCII characters, such as a UUID.",
                    ("max", MaxCharacters)));
    }

    /// <summary>
    /// The digest of a request, to detect another request with the same key: of its method, address, cause, note and body.
    /// </summary>
    public static byte[] Digest(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var hash = BeginDigest(request);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    /// <summary>The digest of a request whose body is still being read.</summary>
    public static IncrementalHash BeginDigest(HttpRequest request)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n"));
        // no body begins with NUL
        var (cause, note) = (request.Headers["Change-Cause"].ToString(), ChangeNote.ReadOrNull(request));
        if (cause.Length > 0 || note is not null)
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{cause}\0{note}\0"));
        return hash;
    }

    /// <summary>Runs the work, or returns the response that is stored under the key.</summary>
    public async Task<CommittedResponse> RunAsync(
        Author author, IdempotencyKey? key, (ResponseSeal? Seal, WriteLimits Limits) how, Func<RecordSession, Task<WriteResponse>> work,
        CancellationToken cancellation)
    {
        var (seal, limits) = how;
        StoredResponse? replayed = null;
        var (response, commit) = await transaction.RunAsync(author, async session =>
        {
            replayed = key is null ? null : await ClaimAsync(session, key, cancellation);
            if (replayed is not null)
            {
                return new WriteResponse(replayed.Status, replayed.Headers, seal is null ? replayed.Body
                    : seal.OpenOrNull(replayed.Body) ?? throw new ProblemException(ProblemType.Conflict, $"/header/{Header}",
                        new Fault(FaultCode.IdempotencyKeyExpired, "The first response was sealed with another key of the service; send a "
                            + "new request with a new idempotency key.")));
            }

            var made = await work(session);
            if (author.Audit is { } audit)
            {
                await AuditLog.AddAsync(
                    session.Connection,
                    audit with { Target = made.TargetOr(audit.Target), Status = made.Status, Detail = made.Detail }, cancellation);
            }

            if (key is not null)
            {
                await IdempotencyKeys.StoreAsync(
                    session.Connection, key, new StoredResponse(
                        key.Digest, made.Status, made.Headers, seal is null ? made.Body : seal.Close(made.Body), null), cancellation);
            }

            return made;
        }, cancellation, limits, isRepeatable: key is not null);
        return replayed is null
            ? new CommittedResponse(response, commit, false)
            : new CommittedResponse(response,
                replayed.Transaction is { } first ? await keys.CommitOrNullAsync(first, cancellation) : null, true);
    }

    /// <summary>Runs the work and rolls it back: the response of the write, but for ids and instants that the service makes.</summary>
    public async Task<CommittedResponse> TryAsync(
        Author author, WriteLimits limits, Func<RecordSession, Task<WriteResponse>> work, CancellationToken cancellation)
    {
        var (response, commit) = await transaction.RunAsync(author, work, cancellation, limits, isKept: false);
        return new CommittedResponse(response, commit, false);
    }

    /// <summary>Stores the key; returns the stored response if the key exists.</summary>
    private static async Task<StoredResponse?> ClaimAsync(RecordSession session, IdempotencyKey key, CancellationToken cancellation)
    {
        var now = session.Author.Now;
        if (Random.Shared.Next(PruneOneIn) == 0)
            await IdempotencyKeys.RemoveAsync(session.Connection, now - Kept, cancellation);
        if (await IdempotencyKeys.ClaimAsync(session.Connection, key, now, cancellation))
            return null;
        var stored = await IdempotencyKeys.FindOrNullAsync(session.Connection, key, cancellation)
            ?? throw new ProblemException(ProblemType.Conflict, $"/header/{Header}",
                new Fault(FaultCode.IdempotencyKeyExpired, "The idempotency key has just expired; retry."));
        return stored.Digest.AsSpan().SequenceEqual(key.Digest) ? stored
            : throw new ProblemException(
                ProblemType.IdempotencyKeyReused, $"/header/{Header}",
                new Fault(FaultCode.IdempotencyKeyReused,
                    "The key was used for another request (method, address, body, `Change-Cause` or note differ); send a new key with a "
                    + "new request."));
    }
}
