using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Generated.Kiota.Models;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace Generated.Kiota;

/// <summary>The 25 calls of <c>calls.ts</c> with the client of Kiota.</summary>
public static class UseKiotaClient
{
    public static async Task<IReadOnlyList<string>> RunAsync(string address, string key, string own)
    {
        var last = new LastResponse(key) { InnerHandler = new HttpClientHandler() };
        using var http = KiotaClientFactory.Create(last);
        // its provider for keys sends them to addresses with https alone: the handler below adds the key
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = address };
        var v1 = new ApiClient(adapter).V1;
        var found = new List<string>();
        void Note(params object?[] what) => found.Add(string.Join(' ', what.Select(w => w is bool b ? (b ? "true" : "false") : w)));

        // 1 and 2
        var relations = await v1.Relations.GetAsync(c =>
        {
            c.QueryParameters.TypeAsRelationTypeCode = [RelationTypeCode.Border, RelationTypeCode.Hostility];
            c.QueryParameters.Actor = ["tajikistan", "taliban"];
        });
        Note(string.Join(',', relations!.Items!.Select(r => r.Id).Order(StringComparer.Ordinal)));
        var counted = await v1.Relations.GetAsync(c =>
        {
            c.QueryParameters.TypeAsRelationTypeCode = [RelationTypeCode.Border, RelationTypeCode.Hostility];
            c.QueryParameters.CountAsCountKind = CountKind.Exact;
            c.QueryParameters.FacetsAsRelationFacet = [RelationFacet.Type];
        });
        Note(counted!.Count!.Value, string.Join(',', Members(counted.Facets!.AdditionalData["type"])
            .Select(f => $"{Text(f, "value")}:{Text(f, "count")}").Order(StringComparer.Ordinal)));

        // 3 to 5
        var (names, pages, cursor) = (0, 0, (string?)null);
        do
        {
            var page = await v1.Actors.GetAsync(c =>
            {
                c.QueryParameters.Limit = 40;
                c.QueryParameters.SortAsActorOrder = [ActorOrder.Name];
                c.QueryParameters.Cursor = cursor;
            });
            names += page!.Items!.Count(a => a.Name is not null);
            cursor = page.Next?.Split('?', '&').SingleOrDefault(p => p.StartsWith("cursor=", StringComparison.Ordinal)) is { } next
                ? Uri.UnescapeDataString(next["cursor=".Length..]) : null;
            pages++;
        }
        while (cursor is not null && pages < 10);
        Note(names, pages);

        // 6 and 7
        var visit = await v1.Events["yatimov-kabul-visit-2024-08"].GetAsync();
        Note(visit!.Deaths is null, visit.Place!.Latitude is null, visit.Place.Name);
        var expanded = await v1.Events["yatimov-kabul-visit-2024-08"].GetAsync(
            c => c.QueryParameters.ExpandAsEventReference = [EventReference.ParticipantsActor]);
        Note(Text(expanded!.Expanded!.Actors!.AdditionalData["prosecutor-general-taliban"], "name"));

        // 8 to 12
        var created = await v1.Sources.PostAsync(
            new SourceRequest { Id = own, Kind = SourceKindCode.Report, Title = "A report", Publisher = null, Authors = null });
        var position = last.Header("Position");
        Note(last.Status, created!.Version, last.Header("ETag") != "", position != "");
        var read = await v1.Sources[own].GetAsync();
        var tag = last.Header("ETag");
        Note(read!.Title, read.Publisher is null);
        var changed = await v1.Sources[own].PatchAsync(
            new SourcePatch { Publisher = "A press", Title = "Гузориш" }, c => c.Headers.Add("If-Match", tag));
        Note(last.Status, changed!.Version, changed.Publisher, changed.Title);
        var cleared = await v1.Sources[own].PatchAsync(new WithoutPublisher(), c => c.Headers.Add("If-Match", last.Header("ETag")));
        var clearedTag = last.Header("ETag");
        Note(last.Status, cleared!.Publisher is null);
        Note(Refusal(await RefusedAsync(
            v1.Sources[own].PatchAsync(new SourcePatch { Title = "Lost" }, c => c.Headers.Add("If-Match", tag)))));

        // 13 to 15
        Note(Refusal(await RefusedAsync(v1.Sources.PostAsync(
            new SourceRequest { Id = own, Kind = SourceKindCode.Report, Title = "Another" }))));
        var missing = await RefusedAsync(v1.Sources[$"{own}-nobody"].GetAsync());
        Note(Refusal(missing), missing.Status);
        var invalid = await RefusedAsync(v1.Actors.PostAsync(new ActorRequest
        {
            Name = " ", Type = ActorTypeCode.State, Citations = [new() { Source = "nobody", Certainty = CertaintyCode.Stated }],
        }));
        Note(Refusal(invalid), string.Join(',', invalid.Errors!.AdditionalData
            .Select(e => $"{e.Key}:{string.Join('+', Members(e.Value).Select(of => Text(of, "code")))}").Order(StringComparer.Ordinal)));

        // 16 to 18
        var put = await v1.Sources[$"{own}-put"].PutAsync(
            new SourceRequest { Kind = SourceKindCode.Law, Title = "A law" }, c => c.Headers.Add("If-None-Match", "*"));
        Note(last.Status, put!.Kind);
        var replaced = await v1.Sources[$"{own}-put"].PutAsync(
            new SourceRequest { Kind = SourceKindCode.Book, Title = "A book" }, c => c.Headers.Add("If-Match", last.Header("ETag")));
        Note(last.Status, replaced!.Version, replaced.Kind);
        var batch = await v1.Batch.PostAsync(
        [
            new BatchLineRequest
            {
                Op = BatchOperationOrNull.Upsert, Resource = ResourceName.Sources, Cause = ChangeCauseCodeOrNull.NewFact,
                Note = "Аз бойгонӣ",
                Record = new BatchLineRequest_record
                {
                    AdditionalData = new Dictionary<string, object> { ["id"] = $"{own}-1", ["kind"] = "report", ["title"] = "One" },
                },
            },
            new BatchLineRequest { Op = BatchOperationOrNull.Delete, Resource = ResourceName.Sources, Id = $"{own}-put", Version = 2 },
        ]);
        Note(last.Status, batch!.Created, batch.Deleted, string.Join(',', batch.Lines!.Select(l => l.Outcome)));

        // 19 to 23
        var changes = await v1.Changes.GetAsync(c =>
        {
            c.QueryParameters.After = position;
            c.QueryParameters.ResourceAsResourceName = [ResourceName.Sources, ResourceName.Actors];
        });
        Note(string.Join(',', changes!.Items!.Select(c => $"{c.Operation.ToString()!.ToLowerInvariant()}:{c.Version}")),
            changes.Items![^2].Note, changes.Complete);
        var history = await v1.Sources[own].History.GetAsync();
        Note(string.Join(',', history!.Items!.Select(v => v.Version)),
            string.Join(',', history.Items![0].Differences!.Select(d => d.Pointer)));
        Note((await v1.Sources[own].GetAsync(c => c.QueryParameters.Version = 2))!.Publisher);
        Note((await v1.Sources[own].GetAsync(c => c.QueryParameters.AsOf = position))!.Title);
        Note((await v1.Search.GetAsync(c => c.QueryParameters.Q = "Yatimov"))!.Items!.Count > 0);

        // 24 and 25
        await v1.Sources[own].DeleteAsync(c => c.Headers.Add("If-Match", clearedTag));
        Note(last.Status);
        var gone = await RefusedAsync(v1.Sources[own].GetAsync());
        Note(Refusal(gone), gone.Tombstone!.Version);
        return found;
    }

    private static string Refusal(Problem problem) => $"{problem.ResponseStatusCode} {problem.Code}";

    private static async Task<Problem> RefusedAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (Problem problem)
        {
            return problem;
        }

        throw new InvalidOperationException("The call was not refused.");
    }

    // Kiota has no types for the values of a map: facets, errors by place, records by id
    private static IEnumerable<UntypedNode> Members(object node) => ((UntypedArray)node).GetValue();

    private static string? Text(object node, string field) => ((UntypedObject)node).GetValue()[field] switch
    {
        UntypedString text => text.GetValue(),
        UntypedInteger number => number.GetValue().ToString(CultureInfo.InvariantCulture),
        UntypedLong number => number.GetValue().ToString(CultureInfo.InvariantCulture),
        UntypedDecimal number => number.GetValue().ToString(CultureInfo.InvariantCulture),
        UntypedDouble number => number.GetValue().ToString(CultureInfo.InvariantCulture),
        var other => other.GetType().Name,
    };

    /// <summary>A merge patch that removes a field: Kiota leaves out what is null, so a class of its own writes the null.</summary>
    private sealed class WithoutPublisher : SourcePatch
    {
        public override void Serialize(ISerializationWriter writer)
        {
            base.Serialize(writer);
            writer.WriteNullValue("publisher");
        }
    }

    /// <summary>Sends the key; status and headers of the last response, which the client does not return.</summary>
    private sealed class LastResponse(string key) : DelegatingHandler
    {
        private HttpResponseMessage? _response;

        public int Status => (int)_response!.StatusCode;

        public string Header(string name) => _response!.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new("Bearer", key);
            return _response = await base.SendAsync(request, cancellationToken);
        }
    }
}
