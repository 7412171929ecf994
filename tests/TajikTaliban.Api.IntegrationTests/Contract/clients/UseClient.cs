using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Tasks;

namespace Generated;

/// <summary>What is not set is left out, rather than sent as null. (A field is then not taken away by null; PATCH by other means does
/// that.)</summary>
public partial class Client
{
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}

/// <summary>A program that uses the generated client as a service would. A test generates the client, compiles both and runs it.</summary>
public static class UseClient
{
    /// <param name="http">With the address of the service, and a key that may write.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(HttpClient http)
    {
        var client = new Client(http);
        var found = new List<string>();
        void Found(FormattableString what) => found.Add(what.ToString(CultureInfo.InvariantCulture));

        var trade = await client.ListTradeFiguresAsync(
            reporter: ["tajikistan"], partner: ["iso3:AFG"], flow: [FlowCode.T, FlowCode.X], sort: [TradeFigureOrder.Minusearliest],
                value_gte: 1_000_000);
        var figure = trade.Items.Single();
        decimal? value = figure.Value;
        Found($"{value} {figure.Currency} {figure.Frequency} {figure.Earliest:yyyy-MM-dd} {trade.Complete} {trade.Empty is null}");

        var nothing = await client.ListEventsAsync(actor_all: ["tajikistan", "india"], type: [EventTypeCode.AGREE]);
        Found($"{nothing.Items.Count} {nothing.Empty?.Reason}");

        var visit = await client.GetEventAsync("yatimov-kabul-visit-2024-08", expand: [EventReference.Participants_actor]);
        var prosecutor = visit.Expanded?.Actors?["prosecutor-general-taliban"].Name;
        Found($"{visit.Type} {visit.Place?.Name} {visit.Place?.Latitude is null} {visit.Deaths is null} {prosecutor}");

        var added = await client.CreateSourceAsync(new SourceRequest { Kind = SourceKindCode.Report, Title = "A report of the C# client" });
        var changed = await client.ChangeSourceAsync(added.Id, $"\"{added.Version}\"", new SourcePatch { Publisher = "A press" });
        Found($"{added.Kind} {changed.Version} {changed.Publisher}");
        await client.DeleteSourceAsync(added.Id, $"\"{changed.Version}\"");

        var history = await client.GetSourceHistoryAsync(added.Id);
        Found($"{string.Join(' ', history.Items.Select(v => v.Operation))} {history.Items.ElementAt(1).Differences.Single().Pointer}");
        var changes = await client.ListChangesAsync(after: history.Items.ElementAt(2).Position, resource: [ResourceName.Sources]);
        Found(
            $"{changes.Items.First().Operation} {changes.Items.Last().Operation} {changes.Items.Last().Record is null} {changes.Complete}");
        using var snapshot = await client.GetSnapshotAsync(resource: [ResourceName.Sources]);
        using var lines = new System.IO.StreamReader(snapshot.Stream);
        Found($"{(await lines.ReadToEndAsync()).Split('\n').Count(l => l.Contains("\"record\"", StringComparison.Ordinal))}");
        var before = await client.GetSourceAsync(added.Id, version: 1);
        Found($"{before.Publisher is null} {before.Title}");

        try
        {
            await client.GetSourceAsync(added.Id);
        }
        catch (ApiException<Problem> gone)
        {
            Found($"{gone.StatusCode} {gone.Result.Title} {gone.Result.Tombstone?.Version}");
        }

        try
        {
            await client.CreateActorAsync(
                new ActorRequest { Name = " ", Type = ActorTypeCode.State,
                    Citations = [new() { Source = "nobody", Certainty = CertaintyCode.Stated }] });
        }
        catch (ApiException<Problem> invalid)
        {
            Found($"{invalid.StatusCode} {string.Join(' ', invalid.Result.Errors!.Keys.Order(StringComparer.Ordinal))}");
        }

        return found;
    }
}
