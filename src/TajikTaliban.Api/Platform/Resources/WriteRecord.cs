using System.Text.Json;
using Npgsql;
using TajikTaliban.Api.Platform.Concurrency;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>What the writing operations have in common: the body, one transaction, the answer.</summary>
internal static partial class WriteRecord
{
    private const int MostAttempts = 3;

    public static async Task RunAsync(
        HttpContext http, Resource resource, IReadOnlyList<string> mediaTypes, bool allowDoubled, TimeProvider time, NpgsqlDataSource database,
        Func<RecordWriter, JsonElement, WriteScope, Task<Written>> write, CancellationToken cancellation)
    {
        RefuseQuery(http);
        using var body = await BodyReader.ReadJsonAsync(http.Request, mediaTypes, allowDoubled, cancellation);
        var scope = new WriteScope(time.GetUtcNow(), Parent.IdOrNull(resource, http));
        var written = await InTransactionAsync(database, async writer =>
        {
            await Parent.ThrowIfMissingAsync(resource, scope.Parent, new RecordReader(database), cancellation);
            return await write(writer, body.RootElement, scope);
        }, cancellation);
        Log(http, written.Outcome.ToString(), resource, written.Id, written.Version);
        await AnswerAsync(http, resource, written, cancellation);
    }

    /// <summary>Who wrote what, for the operator's log.</summary>
    public static void Log(HttpContext http, string outcome, Resource resource, string id, int version) =>
        LogWrite(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("TajikTaliban.Api.Writes"),
            outcome, resource.Name, id, version, http.User.Identity?.Name);

    /// <summary>
    /// Commits what <paramref name="work"/> does, or nothing of it. Where two writers wait for each other the database fails one of them, which
    /// then begins anew: its work may run more than once.
    /// </summary>
    public static async Task<T> InTransactionAsync<T>(NpgsqlDataSource database, Func<RecordWriter, Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await AttemptAsync(database, work, cancellation);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                if (attempt == MostAttempts)
                    throw new ProblemException(ProblemType.Conflict, "Others are writing the same records at this moment; try again.");
            }
    }

    private static async Task<T> AttemptAsync<T>(NpgsqlDataSource database, Func<RecordWriter, Task<T>> work, CancellationToken cancellation)
    {
        await using var context = Database.Context(database);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var result = await work(new RecordWriter(context));
        try
        {
            await transaction.CommitAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw new ProblemException(ProblemType.Conflict, "A record that this one refers to was deleted at the same moment.");
        }

        return result;
    }

    public static void RefuseQuery(HttpContext http)
    {
        var errors = new Errors();
        Paging.QueryText.Read(http.Request, [], [], errors);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
    }

    private static async Task AnswerAsync(HttpContext http, Resource resource, Written written, CancellationToken cancellation)
    {
        var response = http.Response;
        response.Headers.ETag = RecordETag.Of(written.Version);
        response.Headers.LastModified = written.RecordedAt.ToString("R", null);
        response.Headers.CacheControl = "no-store";
        var path = resource.PathOf(written.Id, written.Json);
        if (written.Outcome == WriteOutcome.Created)
        {
            response.StatusCode = StatusCodes.Status201Created;
            response.Headers.Location = path;
        }

        response.Headers.ContentLocation = path;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = written.Json.Length;
        await response.BodyWriter.WriteAsync(written.Json, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Outcome} {Resource}/{Id} version {Version} by key {Key}")]
    private static partial void LogWrite(ILogger log, string outcome, string resource, string id, int version, string? key);
}
