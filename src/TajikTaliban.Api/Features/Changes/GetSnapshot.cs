using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Changes;

/// <summary>
/// GET of <c>/v1/snapshot</c>: every record at one position, as lines; the feed continues from this position. It is read a page at a time
/// as of that position: a transaction that lasted as long as a client reads would keep a connection, and the database from cleaning up.
/// </summary>
internal static class GetSnapshot
{
    public static async Task Handle(
        PositionReader positions, SnapshotReader snapshots, ResourceCatalogue catalogue, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        var text = QueryText.Read(http.Request, ["resource"], ["resource"], errors);
        var tables = catalogue.ReadResources(text.List("resource"), errors) ?? [.. catalogue.All.Select(r => r.Table)];
        errors.ThrowIfAny(ProblemType.InvalidParameter);

        var asOf = await positions.AsOfNewestAsync(cancellation);
        var position = asOf.Position.ToString();
        http.Response.ContentType = Format.Lines.ContentType;
        http.Response.Headers.CacheControl = "no-store";
        Positions.Set(http, position);
        if (HeadRequest.Is(http))
            return;
        await using var body = new DoubleBufferedLines(http.Response, cancellation);
        body.Add(json =>
        {
            json.WriteStartObject();
            json.WriteString("position", position);
            json.WriteEndObject();
        });
        var (records, after, sized) = (0L, "", (Bytes: body.Bytes, Records: 0L));
        void Add(string resource, LentRecord record)
        {
            body.Add(json =>
            {
                json.WriteStartObject();
                json.WriteString("resource", resource);
                json.WriteString("id", record.Id);
                json.WriteNumber("version", record.Version);
                json.WritePropertyName("record");
                json.WriteRawValue(record.Json.Span, skipInputValidation: true);
                json.WriteEndObject();
            });
            (records, after) = (records + 1, record.Id);
        }

        foreach (var table in tables)
        {
            var resource = catalogue.OfTable(table).Name;
            after = "";
            for (var more = true; more;)
            {
                var limit = PartSizes.Fitting(body.PartSize, body.Bytes - sized.Bytes, (int)(records - sized.Records));
                sized = (body.Bytes, records);
                try
                {
                    more = await RepeatedPages.ReadAsync(http.Response, () => snapshots.ReadAsync(
                        new SnapshotPart(asOf, table, after, limit, body.PartSize), record => Add(resource, record), cancellation),
                        cancellation);
                }
                catch (PositionGoneException e) when (!http.Response.HasStarted)
                {
                    throw Positions.Gone(e.Position, "");
                }

                await body.SendAsync();
            }
        }

        // without this line the snapshot was cut
        body.Add(json =>
        {
            json.WriteStartObject();
            json.WriteString("position", position);
            json.WriteNumber("records", records);
            json.WriteBoolean("complete", true);
            json.WriteEndObject();
        });
        await body.EndAsync();
    }
}
