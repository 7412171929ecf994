using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Querying;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>Whatever a client sends, the service does not fail: never a 5xx. What fails once is printed with a seed that repeats
/// it.</summary>
public sealed class FuzzTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const int Bodies = 1200;
    private const int Queries = 1200;

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1.5", "1e400", "-0", "99999999999999999999", "\"\"", "\" \"", "\"x\"", "\"alpha\"", "\"beta\"",
        "\"source\"", "\"iso3:TJK\"", "\"2024\"",
        "\"2024-08-16/..\"", "\"../..\"", "\"M\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\uffff\"", "\"\\u202e\"", "[]", "{}", "[null]", "[[]]",
        "[{}]", "{\"a\":{\"a\":{}}}", "\"available\"",
        "\"9999-12-31\"", "\"0001-01-01\"", "\"office-holder\"", "\"membership\"", "{\"source\":\"source\",\"certainty\":\"stated\"}",
        "79228162514264337593543950335",
    ];

    private static readonly string[] Words =
    [
        "", "alpha", "beta,alpha", "source", "iso3:TJK", "2024", "2024-08", "../2024", "2024/..", "9999-12-31", "0001", "-1", "0", "1",
        "1000", "1.5", "NaN", "true", "exact", "estimated", "id", "-id", "earliest,-id",
        "-latest", "value", "type", "'", "\"", "\\", "%", "_", "&", "|", "!", "(", "<->", ":*", "a & b", "\0", "\u0001", "\ud800", "😀",
        "\uffff", "طالبان", "Тоҷикистон", "' or 1=1 --", "-180,-90,180,90",
        "0,0,0,0", "2026-11-24T10:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999Z", "participants.actor",
        "citations.source", "a b c d e f", "or", "and not", "\"quoted words\"", "-excluded",
    ];

    private static readonly Gen<(int Resource, (int Op, int Place, int Value)[] Changes, int Method)> Body = Gen.Select(
        Gen.Int[0, SampleRecords.All.Count - 1], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1000], Gen.Int[0, Values.Length - 1]).Array[1, 4],
            Gen.Int[0, 2]);

    private static readonly Gen<(int Resource, (int Name, int First, int Second)[] Parameters, int Tail)> Query = Gen.Select(
        Gen.Int[0, SampleRecords.All.Count - 1],
            Gen.Select(Gen.Int[0, 60], Gen.Int[0, Words.Length - 1], Gen.Int[0, (4 * Words.Length) - 1]).Array[0, 5],
            Gen.Int[0, 9]);

    [Fact]
    public async Task No_body_makes_the_service_fail()
    {
        var samples = SampleRecords.All.Select(s => s.As($"fuzzed-{s.Resource}")).ToList();
        foreach (var sample in samples)
            await api.Editor.AddAsync(sample.Path, sample.Body);
        var statuses = new int[600];

        await Body.SampleAsync(async input =>
        {
            var sample = samples[input.Resource];
            // a record of its own, so that what is valid may be written
            var body = (JsonObject)sample.Body.DeepClone();
            body.Remove("id");
            var text = input.Changes.Aggregate(body.ToJsonString(), (json, change) =>
                Changed(json, change.Op, change.Place, Values[change.Value]));
            var method = input.Method switch { 0 => HttpMethod.Post, 1 => HttpMethod.Put, _ => HttpMethod.Patch };
            using var request = new HttpRequestMessage(method, input.Method == 0 ? sample.Path : sample.Address);
            request.Content = new StringContent(text, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            if (input.Method > 0)
                request.Headers.TryAddWithoutValidation("If-Match", "*");
            using var answer = await api.Editor.SendAsync(request, TestContext.Current.CancellationToken);
            Interlocked.Increment(ref statuses[(int)answer.StatusCode]);
            Assert.True((int)answer.StatusCode < 500, $"{answer.StatusCode} to {request.Method} {request.RequestUri} {text}");
        }, iter: Bodies, threads: 4);

        // it is worth something only while both come to pass
        Assert.True(statuses[200] + statuses[201] > 20, "Hardly any body was taken.");
        Assert.True(statuses[400] + statuses[422] > 200, "Hardly any body was refused.");
        foreach (var sample in samples)
            Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync($"{sample.Path}?limit=1000")).Status);
    }

    [Fact]
    public async Task No_query_makes_the_service_fail()
    {
        var resources = api.Services.GetRequiredService<ResourceCatalogue>();
        var statuses = new int[600];

        await Query.SampleAsync(async input =>
        {
            var sample = SampleRecords.All[input.Resource];
            var names = ListRequest.Known(resources.All.Single(r => r.Name == sample.Resource).List).ToList();
            var query = string.Join('&', input.Parameters.Select(p =>
            {
                var name = p.Name < names.Count * 2 ? names[p.Name % names.Count] : "nope";
                return $"{name}={Escape(p.Second < Words.Length ? $"{Words[p.First]},{Words[p.Second]}" : Words[p.First])}";
            }));
            var tail = input.Tail switch
            {
                0 => "/availability",
                1 => $"/{Escape(Words[(input.Parameters.Length * 7) % Words.Length])}x",
                _ => "",
            };
            var address = $"{sample.Path}{tail}?{query}";
            using var answer = await api.Reader.GetAsync(
                new Uri(api.Reader.BaseAddress!.GetLeftPart(UriPartial.Authority) + address,
                    new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }),
                TestContext.Current.CancellationToken);
            Interlocked.Increment(ref statuses[(int)answer.StatusCode]);
            Assert.True((int)answer.StatusCode < 500, $"{answer.StatusCode} to {address}");
        }, iter: Queries, threads: 4);

        Assert.True(statuses[200] > 50, "Hardly any query was taken.");
        Assert.True(statuses[400] > 200, "Hardly any query was refused.");
    }

    /// <summary>Percent-encoded UTF-8; a lone surrogate as the bytes that it would have.</summary>
    private static string Escape(string text) => text == "\ud800" ? "%ED%A0%80" : Uri.EscapeDataString(text);

    /// <summary>Puts a value, raw, in some place; takes it away; puts it beside; or doubles the name with it.</summary>
    private static string Changed(string json, int op, int place, string raw)
    {
        JsonNode root;
        var places = new List<(JsonNode Parent, string? Name, int Index)>();
        try
        {
            root = JsonNode.Parse(json)!;
            Collect(root);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or ArgumentException)
        {
            // an earlier change put in what this parser does not take, such as a doubled name
            return json;
        }

        if (places.Count == 0)
            return raw;
        var (parent, name, index) = places[place % places.Count];
        const string Marker = "@@HERE@@";
        switch (parent)
        {
            case JsonObject members when op == 1:
                members.Remove(name!);
                break;
            case JsonObject members when op == 2:
                members[$"{name}x"] = Marker;
                break;
            case JsonObject members:
                members[name!] = Marker;
                break;
            case JsonArray list when op == 1:
                list.RemoveAt(index);
                break;
            case JsonArray list when op == 2:
                list.Insert(index, Marker);
                break;
            case JsonArray list:
                list[index] = Marker;
                break;
        }

        try
        {
            var replacement = op == 3 && name is not null ? $"{raw},\"{name}\":{raw}" : raw;
            return root.ToJsonString().Replace($"\"{Marker}\"", replacement, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // an earlier change put in what this serializer does not write
            return json;
        }

        void Collect(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject members:
                    foreach (var (key, value) in members)
                    {
                        places.Add((members, key, 0));
                        Collect(value);
                    }

                    break;
                case JsonArray list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        places.Add((list, null, i));
                        Collect(list[i]);
                    }

                    break;
            }
        }
    }
}
