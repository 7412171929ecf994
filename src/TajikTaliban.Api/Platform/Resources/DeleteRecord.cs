using Npgsql;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>DELETE: leaves a tombstone; refused with the list of what still refers to the record.</summary>
public static class DeleteRecord
{
    public static async Task Handle<TResource>(
        string id, TResource resource, RecordEditors editors, ResourceCatalogue catalogue, TimeProvider time, NpgsqlDataSource database, HttpContext http, CancellationToken cancellation)
        where TResource : Resource
    {
        WriteRecord.RefuseQuery(http);
        var condition = RecordETag.ReadCondition(http.Request);
        var author = Positions.AuthorOf(http, time.GetUtcNow());
        var scope = new WriteScope(author.Now, Parent.IdOrNull(resource, http));
        var ((tombstone, referrers), position) = await WriteRecord.InTransactionAsync(database, author,
            writer => editors.Of(resource).DeleteAsync(writer, id, condition, scope, cancellation), cancellation);
        if (referrers.Count > 0)
        {
            throw new ProblemException(ProblemType.StillReferenced, $"Records still refer to '{id}': {string.Join(", ", referrers.Select(r => r.Id).Take(3))}{(referrers.Count > 3 ? ", …" : "")}.")
            {
                ReferencedBy = [.. await catalogue.LinksAsync(referrers, new RecordReader(database), cancellation)],
            };
        }

        WriteRecord.Log(http, "Deleted", resource, id, tombstone!.Version);
        http.Response.Headers[Positions.Header] = position?.ToString();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
