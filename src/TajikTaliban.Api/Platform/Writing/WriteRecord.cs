using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>What the writing operations have in common: the body, one transaction, the answer.</summary>
internal static partial class WriteRecord
{
    private const int MostAttempts = 3;

    public static async Task RunAsync(
        HttpContext http, Resource resource, IReadOnlyList<string> mediaTypes, bool allowDoubled, TimeProvider time, NpgsqlDataSource database,
        Func<RecordWriter, JsonElement, WriteScope, Task<Written>> write, CancellationToken cancellation)
    {
        RefuseQuery(http);
        var author = Positions.AuthorOf(http, time.GetUtcNow());
        // every other method has a condition, which does the same
        var key = HttpMethods.IsPost(http.Request.Method) ? IdempotentWrite.KeyOrNull(http.Request) : null;
        using var body = await BodyReader.ReadJsonAsync(http.Request, mediaTypes, allowDoubled, cancellation);
        var digest = key is null ? null : IdempotentWrite.Digest(http.Request, Encoding.UTF8.GetBytes(body.RootElement.GetRawText()));
        var scope = new WriteScope(author.Now, Parent.IdOrNull(resource, http));
        Written? written = null;
        var (answer, position, isReplayed) = await IdempotentWrite.RunAsync(database, author, key, digest, async writer =>
        {
            await Parent.ThrowIfMissingAsync(resource, scope.Parent, new RecordReader(database), null, cancellation);
            written = await write(writer, body.RootElement, scope);
            return WriteAnswer.Of(resource, written);
        }, cancellation);
        if (isReplayed)
            http.Response.Headers[IdempotentWrite.ReplayedHeader] = "true";
        else
            Log(http, written!.Outcome.ToString(), resource, written.Id, written.Version);
        await answer.SendAsync(http, position, cancellation);
    }

    /// <summary>Who wrote what, for the operator's log.</summary>
    public static void Log(HttpContext http, string outcome, Resource resource, string id, int version) =>
        LogWrite(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("TajikTaliban.Api.Writes"),
            outcome, resource.Name, id, version, http.User.Identity?.Name);

    /// <summary>
    /// Commits what <paramref name="work"/> does, or nothing of it. Where two writers wait for each other the database fails one of them, which
    /// then begins anew: its work may run more than once.
    /// </summary>
    public static async Task<(T Result, Position? Position)> InTransactionAsync<T>(
        NpgsqlDataSource database, Author author, Func<RecordWriter, Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(database, author, work, cancellation);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                if (attempt == MostAttempts)
                    throw new ProblemException(ProblemType.Conflict, "Others are writing the same records at this moment; try again.");
            }
        }
    }

    private static async Task<(T Result, Position? Position)> AttemptAsync<T>(
        NpgsqlDataSource database, Author author, Func<RecordWriter, Task<T>> work, CancellationToken cancellation)
    {
        await using var context = Database.Context(database);
        // held beyond the commit, which leaves its position on the connection
        await context.Database.OpenConnectionAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        await RecordWriter.BeginAsync(connection, author, cancellation);
        var result = await work(new RecordWriter(context));
        try
        {
            await transaction.CommitAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw new ProblemException(ProblemType.Conflict, "A record that this one refers to was deleted at the same moment.");
        }

        return (result, await RecordWriter.PositionAsync(connection, cancellation));
    }

    public static void RefuseQuery(HttpContext http)
    {
        var errors = new Errors();
        QueryText.Read(http.Request, [], [], errors);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Outcome} {Resource}/{Id} version {Version} by key {Key}")]
    private static partial void LogWrite(ILogger log, string outcome, string resource, string id, int version, string? key);
}
