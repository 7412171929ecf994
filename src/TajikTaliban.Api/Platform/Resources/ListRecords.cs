using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>GET of a list: a page in the JSON envelope, or all of it in another format.</summary>
public sealed class ListRecords(
    AsOfParameter moments, LedgerTail tail, FilterReferences references, ListEnvelope envelope, ListExport export)
{
    public async Task HandleAsync(Resource resource, HttpContext http, CancellationToken cancellation)
    {
        var format = Negotiation.FormatOf(http);
        var request = ListRequest.Read(http.Request, resource, Parent.IdOrNull(resource, http), RecordFormats.ParameterNames);
        var values = RecordFormats.ReadValues(request.Text, format);
        var moment = await moments.ReadAsync(request.AsOf, cancellation);
        // before reading: the records can only be newer
        var position = moment?.AsOf.Position.ToString() ?? tail.Newest.EndText;
        if (moment is not null)
        {
            request = request with
            {
                Query = request.Query with { AsOf = moment.AsOf },
                Echo = [.. request.Echo, new(AsOfParameter.Name, [position])],
            };
        }

        request = await references.ResolveAsync(request, cancellation);
        var result = new ListResult(resource, request, position, moment is not null, moment?.IsImmutable == true);
        if (format is RecordFormat other)
        {
            await export.SendAsync(http, result, other, values, cancellation);
        }
        else
        {
            Positions.Set(http, position);
            await envelope.SendAsync(http, result, cancellation);
        }
    }
}
