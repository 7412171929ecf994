using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>Bodies that have to be refused, made from the model: every field of every request with everything that it may not be.</summary>
public sealed class BadBodyTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    /// <summary>Fields that take any text: of every other one a text that is no code, date, id, tag, address or reference has to be
    /// refused.</summary>
    private static readonly string[] FreeTexts =
    [
        "title", "authors", "publisher", "licence", "description", "name", "text", "locator", "note", "summary", "unit", "about",
        "silentOn",
    ];

    private static readonly string[] NoTexts = ["true", "17", "1.5", "[]", "{}", "[\"x\"]", "{\"a\":\"x\"}"];
    private static readonly string[] NoFlags = ["\"true\"", "0", "1", "[]", "{}"];
    private static readonly string[] NoLists = ["\"x\"", "true", "1", "{}", "{\"0\":\"x\"}", $"[{string.Join(',', Enumerable.Repeat("\"x\"",
        201))}]"];
    private static readonly string[] NoObjects = ["\"x\"", "true", "1", "[]", "[{}]"];

    private static readonly string[] NoDecimals =
        ["\"1\"", "true", "[]", "{}", "1e400", "-1e400", "1e-400", "1e99999999999", "12345678901234567890123456789",
            "0.12345678901234567890123456789", "1.5e-28"];

    private static readonly string[] NoIntegers =
        ["\"1\"", "true", "[]", "{}", "1.5", "3000000000", "-3000000000", "99999999999999999999", "1e400", "1e-400", "1e99999999999"];

    private static readonly (string Name, byte[] Raw)[] NoStrings =
    [
        ("NUL", "\"a\\u0000b\""u8.ToArray()),
        ("a control character", "\"\\u001b[31m\""u8.ToArray()),
        ("a carriage return", "\"a\\r\""u8.ToArray()),
        ("a lone high surrogate", "\"\\ud800\""u8.ToArray()),
        ("a lone low surrogate", "\"a\\udc00b\""u8.ToArray()),
        ("no UTF-8", [0x22, 0xFF, 0x22]),
        ("Latin-1", [0x22, 0x41, 0xE9, 0x42, 0x22]),
        ("an overlong NUL", [0x22, 0xC0, 0x80, 0x22]),
        ("an overlong slash", [0x22, 0xE0, 0x80, 0xAF, 0x22]),
        ("a surrogate in UTF-8", [0x22, 0xED, 0xA0, 0x80, 0x22]),
        ("half a character", [0x22, 0xE2, 0x82, 0x22]),
        ("beyond Unicode", [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22]),
    ];

    /// <summary>What cannot even be compared with the value that a field has.</summary>
    private static readonly (string Name, byte[] Raw)[] NoReadOnly =
    [
        .. NoStrings.Where(n => n.Name.Contains("surrogate", StringComparison.Ordinal) || n.Name == "no UTF-8"),
        ("a huge number", "1e99999999999"u8.ToArray()),
        ("a tiny number", "-1e-99999999999"u8.ToArray()),
    ];

    public static TheoryData<string> Resources => SampleRecords.Resources;

    [Theory, MemberData(nameof(Resources))]
    public async Task Every_field_of_a_body_refuses_invalid_values(string resource)
    {
        var sample = SampleRecords.Of(resource).As("never-written");
        var refusals = await Refusals.BeginAsync(api);
        var places = BodyPlace.Of(RequestOf(resource)).ToList();
        foreach (var place in places)
        {
            foreach (var raw in WrongKinds(place))
            {
                await refusals.BodyAsync(raw, HttpMethod.Post, sample.Path, Refusals.With(sample.Body, place.Pointer, raw), place.Pointer,
                    400);
            }

            if (place.IsRequired)
            {
                await refusals.BodyAsync($"without {place.Pointer}", HttpMethod.Post, sample.Path, Without(sample.Body, place.Pointer),
                    place.Pointer, 400);
            }

            if (place.Kind == JsonTypeInfoKind.Object)
            {
                await refusals.BodyAsync("an unknown field", HttpMethod.Post, sample.Path,
                    Refusals.With(sample.Body, $"{place.Pointer}/no~such\u044f", "1"), $"{place.Pointer}/no~0such\u044f", 400);
            }

            if (place.Type != typeof(string))
                continue;
            foreach (var (name, raw) in NoStrings)
            {
                await refusals.BodyAsync(name, HttpMethod.Post, sample.Path, Refusals.With(sample.Body, place.Pointer, raw), place.Pointer,
                    400);
            }

            foreach (var raw in WrongTexts(place))
            {
                await refusals.BodyAsync(raw, HttpMethod.Post, sample.Path, Refusals.With(sample.Body, place.Pointer, raw), place.Pointer,
                    422);
            }
        }

        await refusals.EndAsync(15 * places.Count);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Null_in_every_optional_field_makes_the_record_that_is_made_without_them(string resource)
    {
        var (without, nulls) = (SampleRecords.Of(resource).As($"without-{resource}"), SampleRecords.Of(resource).As($"nulls-{resource}"));
        foreach (var place in BodyPlace.Of(RequestOf(resource))
            .Where(p => p is { IsTopLevel: true, IsRequired: false, Pointer: not "/id" }))
        {
            var name = place.Pointer[1..];
            // an event has a date or bounds, and a figure has a value or says why there is none
            if (name is not ("date" or "value" or "obsStatus") && without.Body.Remove(name))
                nulls.Body[name] = null;
            else if (!nulls.Body.ContainsKey(name))
                nulls.Body[name] = null;
        }

        var made = await api.Editor.AddAsync(without.Path, Own(without.Body));
        var ofNulls = await api.Editor.AddAsync(nulls.Path, Own(nulls.Body));

        Assert.Equal(Undated(made), Undated(ofNulls));

        // natural keys differ by the period
        JsonObject Own(JsonObject body)
        {
            if (body["period"] is not null && ReferenceEquals(body, nulls.Body))
                body["period"] = "2023-S1";
            if (body["date"] is not null && resource == "observations" && ReferenceEquals(body, nulls.Body))
                body["date"] = "1951-04-09";
            return body;
        }

        static string Undated(JsonNode record)
        {
            var copy = record.DeepClone().AsObject();
            foreach (var own in (string[])["id", "recordedAt", "period", "date", "earliest", "latest"])
                copy.Remove(own);
            return copy.ToJsonString();
        }
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Patch_and_put_refuse_the_same(string resource)
    {
        var sample = SampleRecords.Of(resource).As($"patched-{resource}");
        await api.Editor.AddAsync(sample.Path, sample.Body);
        var refusals = await Refusals.BeginAsync(api);
        foreach (var place in BodyPlace.Of(RequestOf(resource)).Where(p => p.IsTopLevel))
        {
            var wrong = WrongKinds(place).Select(raw => (Name: raw, Raw: Encoding.UTF8.GetBytes(raw))).ToList();
            if (place.Type == typeof(string))
                wrong.AddRange(NoStrings);
            foreach (var (name, raw) in wrong)
            {
                // in a patch, null removes the field; other tests cover it
                if (name != "null")
                {
                    await refusals.BodyAsync(name, HttpMethod.Patch, sample.Address, Refusals.With([], place.Pointer, raw), place.Pointer,
                        400);
                }
            }

            // a PUT is read as a POST is, which has been given everything
            await refusals.BodyAsync(wrong[0].Name, HttpMethod.Put, $"{sample.Path}/never-written",
                Refusals.With(sample.Body, place.Pointer, wrong[0].Raw), place.Pointer, 400);
        }

        // a record that exists is compared with the body, also where that breaks other rules by it
        foreach (var place in BodyPlace.Of(RequestOf(resource)).Where(p => p.Type == typeof(string) && p.Pointer != "/id"))
        {
            var body = Refusals.With(sample.Body, place.Pointer, "\"\\ud800\""u8.ToArray());
            await refusals.ReplaceAsync("a lone surrogate", sample.Address, body, place.Pointer, 400);
        }

        foreach (var field in sample.Response.Select(f => f.Key).Where(f => !sample.Body.ContainsKey(f)))
        {
            foreach (var (name, raw) in NoReadOnly)
            {
                await refusals.BodyAsync(name, HttpMethod.Patch, sample.Address, Refusals.With([], $"/{field}", raw), $"/{field}");
                await refusals.BodyAsync(name, HttpMethod.Post, sample.Path, Refusals.With(sample.Body, $"/{field}", raw), $"/{field}");
            }
        }

        foreach (var name in (byte[][])["\"\\ud800\""u8.ToArray(), [0x22, 0xFF, 0x22]])
        {
            foreach (var body in (byte[][])[[0x7B, .. name, 0x3A, 0x31, 0x7D],
                [0x7B, .. name, 0x3A, 0x31, 0x2C, .. name, 0x3A, 0x31, 0x7D]])
            {
                await refusals.BodyAsync("a name that is no text", HttpMethod.Patch, sample.Address, body, "", 400);
                await refusals.BodyAsync("a name that is no text", HttpMethod.Post, sample.Path, body, "", 400);
            }
        }

        await refusals.BodyAsync("a field twice", HttpMethod.Patch, sample.Address, "{\"citations\":[],\"citations\":[]}"u8.ToArray(), "",
            400);
        await refusals.BodyAsync("a field twice", HttpMethod.Post, sample.Path,
            Encoding.UTF8.GetBytes("{\"citations\":1," + sample.Body.ToJsonString()[1..]), "/citations", 400);
        await refusals.EndAsync(70);
    }

    public static TheoryData<string, string, string, string> Rules => new()
    {
        { "sources", "/id", "\"Upper\"", "/id" },
        { "sources", "/id", "\"-a\"", "/id" },
        { "sources", "/id", "\"a\\n\"", "/id" },
        { "sources", "/id", "\"availability\"", "/id" },
        { "sources", "/published", "\"2024-13\"", "/published" },
        { "sources", "/published", "\"2023-02-29\"", "/published" },
        { "sources", "/published", "\"2024/2023\"", "/published" },
        { "sources", "/published", "\"0000\"", "/published" },
        { "sources", "/published", "\"10000\"", "/published" },
        { "sources", "/published", "\"2024-08-16T00:00:00Z\"", "/published" },
        { "sources", "/published", "\"2024\\n\"", "/published" },
        { "sources", "/published", "\"٢٠٢٤\"", "/published" },
        { "sources", "/url", "\"ftp://example.org\"", "/url" },
        { "sources", "/url", "\"javascript:alert(1)\"", "/url" },
        { "sources", "/url", "\"//example.org\"", "/url" },
        { "sources", "/url", "\"http://\"", "/url" },
        { "sources", "/url", "\"https://example.org/a b\"", "/url" },
        { "sources", "/url", "\" https://example.org\"", "/url" },
        { "actors", "/names/0/lang", "\"x\"", "/names/0/lang" },
        { "actors", "/names/0/lang", "\"tg\\n\"", "/names/0/lang" },
        { "actors", "/names/0/lang", "\"tg_TJ\"", "/names/0/lang" },
        { "actors", "/sectors", "[\"GOV\",\"GOV\"]", "/sectors" },
        { "actors", "/sectors/0", "\"gov\"", "/sectors/0" },
        { "actors", "/identifiers", "[{\"scheme\":\"iso3\",\"value\":\"AAA\"},{\"scheme\":\"iso3\",\"value\":\"AAA\"}]", "/identifiers" },
        { "actors", "/identifiers/0", "{\"scheme\":\"iso3\",\"value\":\"aaa\"}", "/identifiers/0/value" },
        { "actors", "/identifiers/0", "{\"scheme\":\"isonum\",\"value\":\"4\"}", "/identifiers/0/value" },
        { "actors", "/statuses/0", "{\"status\":\"active\",\"from\":\"2024\",\"to\":\"2023\"}", "/statuses/0/to" },
        { "actors", "/statuses/0", "{\"status\":\"active\",\"from\":\"2023/..\"}", "/statuses/0/from" },
        { "actors", "/statuses/0", "{\"status\":\"banned-organisation\"}", "/statuses/0/by" },
        { "actors", "/citations", "[]", "/citations" },
        { "actors", "/citations/0", "{\"source\":\"source\",\"certainty\":\"derived\",\"supports\":[\"/name\"]}", "/citations/0/note" },
        { "actors", "/citations/0", "{\"source\":\"source\",\"certainty\":\"derived\",\"note\":\"How.\"}", "/citations/0/supports" },
        { "relations", "/citations/0/claimant", "null", "/citations/0/claimant" },
        { "relations", "/object", "\"alpha\"", "/object" },
        { "relations", "/to", "\"2020\"", "/to" },
        { "relations", "/from", "\"../2021\"", "/from" },
        { "relations", "/from", "\"/\"", "/from" },
        { "relations", "/from", "\"2024~/2023\"", "/from" },
        { "relations", "/to", "\"/2020\"", "/to" },
        { "relations", "/citations/0/vouchedFor", "\"2026\"", "/citations/0/vouchedFor" },
        { "relations", "/citations/0/supports/0", "\"from\"", "/citations/0/supports/0" },
        { "relations", "/citations/0/supports/0", "\"/typeLabel\"", "/citations/0/supports/0" },
        { "relations", "/citations/0/supports/0", "\"/citations\"", "/citations/0/supports/0" },
        { "relations", "/citations/0/supports", "[\"/from\",\"/from\"]", "/citations/0/supports" },
        { "relations", "/citations/0/claimant", "\"nobody\"", "/citations/0/claimant" },
        { "relations", "/citations/0/certainty", "\"stated\"", "/citations/0/claimant" },
        { "events", "/citations/0/supports/0", "\"/participants/0\"", "/citations/0/supports/0" },
        { "events", "/citations/0/supports/0", "\"/participants/alpha:host\"", "/citations/0/supports/0" },
        { "events", "/citations/0/supports/0", "\"/from\"", "/citations/0/supports/0" },
        { "events", "/from", "\"2024\"", "/date" },
        { "events", "/date", "null", "/date" },
        { "events", "/date", "\"2024-08-32\"", "/date" },
        { "events", "/cameo", "\"042\"", "/cameo" },
        { "events", "/cameo", "\"19\\n\"", "/cameo" },
        { "events", "/participants", "[]", "/participants" },
        { "events", "/participants", "[{\"actor\":\"alpha\",\"role\":\"source\"},{\"actor\":\"alpha\",\"role\":\"source\"}]",
        "/participants" },
        { "events", "/place/latitude", "90.1", "/place/latitude" },
        { "events", "/place/latitude", "-90.0000000000000000001", "/place/latitude" },
        { "events", "/place/latitude", "1e28", "/place/latitude" },
        { "events", "/place/latitude", "null", "/place/longitude" },
        { "events", "/place/longitude", "-180.5", "/place/longitude" },
        { "events", "/place/longitude", "null", "/place/longitude" },
        { "events", "/place/precision", "0", "/place/precision" },
        { "events", "/place/precision", "8", "/place/precision" },
        { "events", "/place/precision", "65537", "/place/precision" },
        { "events", "/deaths/low", "-1", "/deaths/low" },
        { "events", "/deaths/best", "0", "/deaths/best" },
        { "events", "/deaths/high", "1", "/deaths/high" },
        { "events", "/violenceType", "0", "/violenceType" },
        { "events", "/violenceType", "65537", "/violenceType" },
        { "events", "/violenceType", "-2147483648", "/violenceType" },
        { "trade", "/period", "\"2024-08\"", "/period" },
        { "trade", "/period", "\"2024-S3\"", "/period" },
        { "trade", "/period", "\"2024-M13\"", "/period" },
        { "trade", "/period", "\"2024-Q1\\n\"", "/period" },
        { "trade", "/currency", "\"usd\"", "/currency" },
        { "trade", "/commodity/code", "\"001\"", "/commodity/code" },
        { "trade", "/commodity/code", "\"total\"", "/commodity/code" },
        { "trade", "/value", "-1", "/value" },
        { "trade", "/value", "-0.0000000000000000000000000001", "/value" },
        { "trade", "/value", "null", "/value" },
        { "trade", "/obsStatus", "\"M\"", "/value" },
        { "observations", "/value", "null", "/value" },
        { "observations", "/obsStatus", "\"M\"", "/value" },
        { "observations", "/subjects", "[]", "/subjects" },
        { "observations", "/subjects", "[\"alpha\",\"alpha\"]", "/subjects" },
        { "observations", "/indicator", "\"other\"", "/indicator" },
    };

    [Theory, MemberData(nameof(Rules))]
    public async Task A_broken_rule_is_reported_at_its_pointer(string resource, string pointer, string raw, string told)
    {
        var sample = SampleRecords.Of(resource).As("never-written");
        var refusals = await Refusals.BeginAsync(api);
        await refusals.BodyAsync(raw, HttpMethod.Post, sample.Path, Refusals.With(sample.Body, pointer, raw), told, 422);
        await refusals.EndAsync(1);
    }

    [Fact]
    public async Task Bodies_that_are_no_json_object_are_refused()
    {
        var refusals = await Refusals.BeginAsync(api);
        var good = SampleRecords.Indicator("never-written").ToJsonString();
        var utf8 = Encoding.UTF8;
        (string Name, byte[] Body)[] bodies =
        [
            ("empty", []), ("blank", "  \n"u8.ToArray()), ("an array", "[]"u8.ToArray()), ("an array of it", utf8.GetBytes($"[{good}]")),
            ("a text", "\"x\""u8.ToArray()),
            ("null", "null"u8.ToArray()), ("a number", "1"u8.ToArray()), ("true", "true"u8.ToArray()),
            ("cut off", utf8.GetBytes(good[..^1])),
            ("a comma too many", utf8.GetBytes(good[..^1] + ",}")), ("a comment", utf8.GetBytes("/* c */" + good)),
            ("a line comment", utf8.GetBytes("// c\n" + good)),
            ("single quotes", "{'id':'x'}"u8.ToArray()), ("no quotes", "{id:\"x\"}"u8.ToArray()), ("two", utf8.GetBytes(good + good)),
            ("more after it", utf8.GetBytes(good + "x")),
            ("NaN", "{\"id\":NaN}"u8.ToArray()), ("Infinity", "{\"id\":-Infinity}"u8.ToArray()),
            ("a leading zero", "{\"id\":01}"u8.ToArray()), ("a leading point", "{\"id\":.5}"u8.ToArray()),
            ("a trailing point", "{\"id\":5.}"u8.ToArray()), ("a plus", "{\"id\":+1}"u8.ToArray()),
            ("hexadecimal", "{\"id\":0x10}"u8.ToArray()), ("a minus alone", "{\"id\":-}"u8.ToArray()),
            ("a raw line break in a text", "{\"id\":\"a\nb\"}"u8.ToArray()), ("a raw NUL", "{\"id\":\"a\0b\"}"u8.ToArray()),
            ("a NUL after it", utf8.GetBytes(good + "\0")),
            ("a bad escape", "{\"id\":\"\\x41\"}"u8.ToArray()), ("half an escape", "{\"id\":\"\\u12\"}"u8.ToArray()),
            ("UTF-16", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(good)]),
            ("UTF-16 without a mark", Encoding.Unicode.GetBytes(good)),
            ("big-endian UTF-16", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(good)]),
            ("UTF-32", [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes(good)]),
            ("two marks", [.. utf8.Preamble, .. utf8.Preamble, .. utf8.GetBytes(good)]), ("a mark alone", utf8.Preamble.ToArray()),
            ("XML", "<record/>"u8.ToArray()), ("a form", "id=x&name=y"u8.ToArray()), ("depth 17", utf8.GetBytes(Nested(17))),
            ("depth 100", utf8.GetBytes(Nested(100))),
            ("depth 100000", utf8.GetBytes(Nested(100_000))), ("100000 open arrays", utf8.GetBytes(new string('[', 100_000))),
            ("random bytes", [.. Enumerable.Range(0, 256).Select(i => (byte)(i * 7))]),
        ];
        foreach (var (name, body) in bodies)
        {
            await refusals.BodyAsync(name, HttpMethod.Post, "/v1/indicators", body, "", 400);
            await refusals.BodyAsync(name, HttpMethod.Put, "/v1/indicators/never-written", body, "", 400);
            await refusals.BodyAsync(name, HttpMethod.Patch, "/v1/indicators/length", body, "", 400);
        }

        await refusals.BodyAsync("nothing in it", HttpMethod.Post, "/v1/indicators", "{}"u8.ToArray(), "/name", 400);
        await refusals.BodyAsync("depth 16 where there is none", HttpMethod.Post, "/v1/indicators", utf8.GetBytes(Nested(16)), "/a", 400);
        await refusals.EndAsync(120);
    }

    [Theory]
    [InlineData("{\"kind\":\"report\",\"title\":\"A\"", "The body is not JSON (in UTF-8): byte 29 (unexpected end).")]
    [InlineData("{\"kind\":\"report\",\"title\":\"A", "The body is not JSON (in UTF-8): byte 28 (unexpected end).")]
    [InlineData("{\"kind\":\n}", "The body is not JSON (in UTF-8): line 2, byte 1.")]
    [InlineData("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", "The body is nested deeper than 16 levels.")]
    public async Task A_text_that_is_no_JSON_is_refused_with_the_reason(string text, string told)
    {
        using var body = new StringContent(text, Encoding.UTF8, "application/json");
        using var answer = await api.Editor.PostAsync("/v1/sources", body, TestContext.Current.CancellationToken);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal((HttpStatusCode.BadRequest, told), (answer.StatusCode, (string)problem["errors"]![""]![0]!["message"]!));
    }

    [Fact]
    public async Task A_byte_order_mark_is_read_over()
    {
        using var content = new ByteArrayContent([.. Encoding.UTF8.Preamble,
            .. Encoding.UTF8.GetBytes(SampleRecords.Indicator("marked").ToJsonString())]);
        content.Headers.ContentType = new("application/json");
        using var answer = await api.Editor.PostAsync(new Uri("/v1/indicators", UriKind.Relative), content,
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    /// <summary>Where the length is not said, the service stops reading and the client may not get to read: RawHttpTests does.</summary>
    [Fact]
    public async Task A_body_that_says_it_is_too_large_is_refused()
    {
        var refusals = await Refusals.BeginAsync(api);
        var large = SampleRecords.Indicator("never-written");
        large["description"] = new string('x', 1024 * 1024);
        var bytes = Encoding.UTF8.GetBytes(large.ToJsonString());
        await refusals.BodyAsync("", HttpMethod.Post, "/v1/indicators", bytes, "", 413);
        await refusals.BodyAsync("", HttpMethod.Put, "/v1/indicators/never-written", bytes, "", 413);
        await refusals.BodyAsync("", HttpMethod.Patch, "/v1/indicators/length", bytes, "", 413);
        await refusals.EndAsync(3);
    }

    [Fact]
    public async Task All_faults_of_a_body_are_reported_at_once()
    {
        var before = await Tables.StateAsync(api.Database);
        var body = JsonNode.Parse("""
            { "id": "Never Written", "type": "CONSULTATION", "titel": "x", "date": "2024-13", "status": 7,
            "participants": [{ "actor": "nobody", "role": "source" }, {}],
              "place": { "name": " ", "latitude": 91, "longitude": "0" }, "citations": [{ "source": "source", "certainty": "derived" }] }
            """);

        var answer = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/events", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            [
                "/citations/0/note", "/citations/0/supports",
                "/date", "/id", "/participants/0/actor", "/participants/1/actor", "/participants/1/role",
                "/place/latitude", "/place/longitude",
                "/place/name", "/status", "/titel", "/title", "/type",
            ],
            answer.Pointers.Order(StringComparer.Ordinal));
        Assert.All(answer.Body!["errors"]!.AsObject(), e => Assert.Single(e.Value!.AsArray()));
        Assert.Contains("did you mean 'title'?", (string)answer.Body["errors"]!["/titel"]![0]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(before, await Tables.StateAsync(api.Database));
    }

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

    private static IEnumerable<string> WrongKinds(BodyPlace place)
    {
        IEnumerable<string> wrong =
            place.Type == typeof(string) ? NoTexts
            : place.Type == typeof(bool) ? NoFlags
            : place.Type == typeof(decimal) ? NoDecimals
            : place.Type == typeof(int) ? NoIntegers
            : place.Kind == JsonTypeInfoKind.Enumerable ? NoLists
            : place.Kind == JsonTypeInfoKind.Object ? NoObjects
            : throw new InvalidOperationException($"What {place.Type} may not be is not known here.");
        // of a field that may be absent, null means that it is
        return place.IsRequired || place.IsMember ? wrong.Append("null") : wrong;
    }

    private static IEnumerable<string> WrongTexts(BodyPlace place)
    {
        var name = place.Pointer.Split('/').Last(s => !char.IsAsciiDigit(s[0]));
        string[] wrong = ["\"\"", "\"   \"", "\"\\n\\t\"", $"\"{new string('x', 6000)}\"",
            $"\"{string.Concat(Enumerable.Repeat("😀", 3000))}\""];
        return FreeTexts.Contains(name) ? wrong : wrong.Concat(["\"no such thing!\"", "\"'; drop table actors; --\"", "\"%s%n\"",
            "\"1' or '1'='1\"", "\"\u0130\""]);
    }

    private static byte[] Without(JsonObject body, string pointer)
    {
        var copy = body.DeepClone();
        var steps = pointer.Split('/')[1..];
        var at = copy;
        foreach (var step in steps[..^1])
            at = at is JsonArray array ? array[int.Parse(step, null)]! : at[step]!;
        Assert.True(at.AsObject().Remove(steps[^1]), $"The sample has no {pointer}.");
        return Encoding.UTF8.GetBytes(copy.ToJsonString());
    }

    private Type RequestOf(string resource) => api.Services.GetRequiredService<ResourceCatalogue>().All.Single(r =>
        r.Name == resource).RequestType;
}
