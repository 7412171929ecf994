using System.Text.Json;
using TajikTaliban.Api.Platform.Concurrency;
using TajikTaliban.Api.Platform.History;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Paging;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Changes;

/// <summary>GET of <c>/v1/snapshot</c>: every record at one position, line by line, from which the feed goes on.</summary>
internal static class GetSnapshot
{
    private const int FlushBytes = 64 * 1024;

    public static async Task Handle(LedgerReader ledger, ResourceCatalogue catalogue, HttpContext http, CancellationToken cancellation)
    {
        var accept = http.Request.Headers.Accept.ToString();
        if (accept.Length > 0 && !accept.Contains("json", StringComparison.OrdinalIgnoreCase) && !accept.Contains('*', StringComparison.Ordinal))
            throw new ProblemException(ProblemType.NotAcceptable, "/header/Accept", "This address gives application/x-ndjson.");
        var errors = new Errors();
        var text = QueryText.Read(http.Request, ["resource"], [], errors);
        var tables = catalogue.ReadResources(text["resource"], errors) ?? [.. catalogue.All.Select(r => r.Table)];
        errors.ThrowIfAny(ProblemType.InvalidParameter);

        var output = http.Response.BodyWriter;
        using var json = new Utf8JsonWriter(output, ChangeJson.Writing);
        var (records, position) = (0L, "");
        await foreach (var (at, document, table) in ledger.SnapshotAsync(tables, cancellation))
        {
            json.WriteStartObject();
            if (document is null)
            {
                position = at.ToString();
                http.Response.ContentType = "application/x-ndjson; charset=utf-8";
                http.Response.Headers.CacheControl = "no-store";
                http.Response.Headers[Positions.Header] = position;
                if (HeadRequest.Is(http))
                    return;
                json.WriteString("position", position);
            }
            else
            {
                json.WriteString("resource", catalogue.OfTable(table).Name);
                json.WriteString("id", document.Id);
                json.WriteNumber("version", document.Version);
                json.WritePropertyName("record");
                json.WriteRawValue(document.Json, skipInputValidation: true);
                records++;
            }

            json.WriteEndObject();
            await json.FlushAsync(cancellation);
            json.Reset(output);
            System.Buffers.BuffersExtensions.Write(output, "\n"u8);
            if (output.UnflushedBytes > FlushBytes)
                await output.FlushAsync(cancellation);
        }

        // without this line the snapshot was cut
        json.WriteStartObject();
        json.WriteString("position", position);
        json.WriteNumber("records", records);
        json.WriteBoolean("complete", true);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        System.Buffers.BuffersExtensions.Write(output, "\n"u8);
        await output.FlushAsync(cancellation);
    }
}
