using System.Globalization;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>GET of a list: a page in the JSON envelope, or all of it in another format.</summary>
public sealed class ListRecords(
    AsOfParameter moments, LedgerTail tail, Walks walks, FilterReferences references, ListEnvelope envelope, ListExport export,
    Redactions redactions)
{
    public async Task HandleAsync(Resource resource, HttpContext http, CancellationToken cancellation)
    {
        var format = Negotiation.FormatOf(http);
        var request = ListRequest.Read(http.Request, resource, Parent.IdOrNull(resource, http), RecordFormats.ParameterNames);
        var values = RecordFormats.ReadValues(request.Text, format);
        var moment = await moments.ReadAsync(request.AsOf, cancellation);
        if (moment is not null)
        {
            request = request with { Echo = [.. request.Echo, new(AsOfParameter.Name, [moment.AsOf.Position.ToString()])] };
        }

        var (walk, asOf) = (default(Walk), moment?.AsOf);
        if (moment is null && !request.IsLive && (format is not RecordFormat || !request.IsWhole))
            (walk, asOf) = await walks.BeginAsync(resource, request, cancellation);
        Position? again;
        do
        {
            // before reading: the records can only be newer
            var position = asOf?.Position ?? walk?.Base ?? tail.Newest.End;
            ListRequest resolved;
            try
            {
                resolved = await references.ResolveAsync(request with { Query = request.Query with { AsOf = asOf } }, cancellation);
            }
            catch (ProblemException) when (asOf is null && walk is { IsFirst: false })
            {
                // what a filter names may be gone since the first page
                again = walk.Base;
                asOf = await walks.AsOfAsync(walk.Base, cancellation);
                continue;
            }

            var result = new ListResult(resource, resolved, position, moment is not null, moment?.IsFixed == true)
            {
                Walk = walk,
                Redacted = asOf is null ? 0 : await redactions.CountAsync(asOf, resource.Table, tail.Newest.End, cancellation),
            };
            if (result.Redacted > 0)
                http.Response.Headers["Redacted"] = result.Redacted.ToString(CultureInfo.InvariantCulture);
            again = format is RecordFormat other
                ? await export.SendAsync(http, result, other, values, cancellation)
                : await envelope.SendAsync(http, result, cancellation);
            if (again is { } changed)
                asOf = await walks.AsOfAsync(changed, cancellation);
        }
        while (again is not null);
    }
}
