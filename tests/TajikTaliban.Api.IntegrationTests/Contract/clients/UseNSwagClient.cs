using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;

namespace Generated;

/// <summary>What is not set is left out, rather than sent as null, unless a patch removes it.</summary>
public partial class Client
{
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings)
    {
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        settings.TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers =
            {
                type =>
                {
                    foreach (var field in type.Type == typeof(SourcePatch) ? type.Properties : [])
                        field.ShouldSerialize = (patch, value) => value is not null || ((SourcePatch)patch).Removed.Contains(field.Name);
                },
            },
        };
    }
}

/// <summary>The fields that a merge patch removes, by name.</summary>
public partial class SourcePatch
{
    [JsonIgnore]
    public ISet<string> Removed { get; } = new HashSet<string>();
}

/// <summary>The 25 calls of <c>calls.ts</c> with the client of NSwag.</summary>
public static class UseNSwagClient
{
    public static async Task<IReadOnlyList<string>> RunAsync(string address, string key, string own)
    {
        using var last = new LastResponse(key) { InnerHandler = new HttpClientHandler() };
        using var http = new HttpClient(last) { BaseAddress = new Uri(address) };
        var client = new Client(http);
        var found = new List<string>();
        void Note(params object?[] what) => found.Add(string.Join(' ', what.Select(w => w is bool b ? (b ? "true" : "false") : w)));

        // 1 and 2
        var relations = await client.ListRelationsAsync(
            type: [RelationTypeCode.Border, RelationTypeCode.Hostility], actor: ["tajikistan", "taliban"]);
        Note(string.Join(',', relations.Items.Select(r => r.Id).Order(StringComparer.Ordinal)));
        var counted = await client.ListRelationsAsync(
            type: [RelationTypeCode.Border, RelationTypeCode.Hostility], count: CountKind.Exact, facets: [RelationFacet.Type]);
        Note(counted.Count!.Value,
            string.Join(',', counted.Facets!["type"].Select(f => $"{f.Value}:{f.Count}").Order(StringComparer.Ordinal)));

        // 3 to 5
        var (names, pages, cursor) = (0, 0, (string?)null);
        do
        {
            var page = await client.ListActorsAsync(limit: 40, sort: [ActorOrder.Name], cursor: cursor);
            names += page.Items.Count(a => a.Name is not null);
            cursor = page.Next?.Split('?', '&').SingleOrDefault(p => p.StartsWith("cursor=", StringComparison.Ordinal)) is { } next
                ? Uri.UnescapeDataString(next["cursor=".Length..]) : null;
            pages++;
        }
        while (cursor is not null && pages < 10);
        Note(names, pages);

        // 6 and 7
        var visit = await client.GetEventAsync("yatimov-kabul-visit-2024-08");
        Note(visit.Deaths is null, visit.Place!.Latitude is null, visit.Place.Name);
        var expanded = await client.GetEventAsync("yatimov-kabul-visit-2024-08", expand: [EventReference.Participants_actor]);
        Note(expanded.Expanded!.Actors!["prosecutor-general-taliban"].Name);

        // 8 to 12
        var created = await client.CreateSourceAsync(
            new SourceRequest { Id = own, Kind = SourceKindCode.Report, Title = "A report", Publisher = null, Authors = null });
        var position = last.Header("Position");
        Note(last.Status, created.Version, last.Header("ETag") != "", position != "");
        var read = await client.GetSourceAsync(own);
        var tag = last.Header("ETag");
        Note(read.Title, read.Publisher is null);
        var changed = await client.ChangeSourceAsync(own, tag, new SourcePatch { Publisher = "A press", Title = "Гузориш" });
        Note(last.Status, changed.Version, changed.Publisher, changed.Title);
        var cleared = await client.ChangeSourceAsync(own, last.Header("ETag"), new SourcePatch { Removed = { "publisher" } });
        var clearedTag = last.Header("ETag");
        Note(last.Status, cleared.Publisher is null);
        Note(Refusal(await RefusedAsync(client.ChangeSourceAsync(own, tag, new SourcePatch { Title = "Lost" }))));

        // 13 to 15
        Note(Refusal(await RefusedAsync(client.CreateSourceAsync(
            new SourceRequest { Id = own, Kind = SourceKindCode.Report, Title = "Another" }))));
        var missing = await RefusedAsync(client.GetSourceAsync($"{own}-nobody"));
        Note(Refusal(missing), missing.Result.Status);
        var invalid = await RefusedAsync(client.CreateActorAsync(new ActorRequest
        {
            Name = " ", Type = ActorTypeCode.State, Citations = [new() { Source = "nobody", Certainty = CertaintyCode.Stated }],
        }));
        Note(Refusal(invalid), string.Join(',', invalid.Result.Errors!
            .Select(e => $"{e.Key}:{string.Join('+', e.Value.Select(of => of.Code))}").Order(StringComparer.Ordinal)));

        // 16 to 18
        var put = await client.ReplaceSourceAsync(
            $"{own}-put", new SourceRequest { Kind = SourceKindCode.Law, Title = "A law" }, if_None_Match: "*");
        Note(last.Status, put.Kind);
        var replaced = await client.ReplaceSourceAsync(
            $"{own}-put", new SourceRequest { Kind = SourceKindCode.Book, Title = "A book" }, if_Match: last.Header("ETag"));
        Note(last.Status, replaced.Version, replaced.Kind);
        var batch = await client.WriteBatchAsync(
        [
            new BatchLineRequest
            {
                Op = BatchOperationOrNull.Upsert, Resource = ResourceName.Sources, Cause = ChangeCauseCodeOrNull.NewFact,
                Note = "Аз бойгонӣ",
                Record = new Dictionary<string, object> { ["id"] = $"{own}-1", ["kind"] = "report", ["title"] = "One" },
            },
            new BatchLineRequest { Op = BatchOperationOrNull.Delete, Resource = ResourceName.Sources, Id = $"{own}-put", Version = 2 },
        ]);
        Note(last.Status, batch.Created, batch.Deleted, string.Join(',', batch.Lines.Select(l => l.Outcome)));

        // 19 to 23
        var changes = await client.ListChangesAsync(after: position, resource: [ResourceName.Sources, ResourceName.Actors]);
        var items = changes.Items.ToList();
        Note(string.Join(',', items.Select(c => $"{c.Operation.ToString().ToLowerInvariant()}:{c.Version}")), items[^2].Note,
            changes.Complete);
        var history = (await client.GetSourceHistoryAsync(own)).Items.ToList();
        Note(string.Join(',', history.Select(v => v.Version)), string.Join(',', history[0].Differences.Select(d => d.Pointer)));
        Note((await client.GetSourceAsync(own, version: 2)).Publisher);
        Note((await client.GetSourceAsync(own, asOf: position)).Title);
        Note((await client.SearchAsync(q: "Yatimov")).Items.Count > 0);

        // 24 and 25
        await client.DeleteSourceAsync(own, clearedTag);
        Note(last.Status);
        var gone = await RefusedAsync(client.GetSourceAsync(own));
        Note(Refusal(gone), gone.Result.Tombstone!.Version);
        return found;
    }

    private static string Refusal(ApiException<Problem> refused) => $"{refused.StatusCode} {refused.Result.Code}";

    private static async Task<ApiException<Problem>> RefusedAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (ApiException<Problem> refused)
        {
            return refused;
        }

        throw new InvalidOperationException("The call was not refused.");
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
