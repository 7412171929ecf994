using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>Addresses, parameters, headers, keys and methods that have to be refused, made from what each resource says it takes.</summary>
public sealed class BadRequestTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    /// <summary>Values that no parameter takes, whatever its kind.</summary>
    private static readonly string[] NeverTaken =
        ["", "%00", "a%00b", "%01", "%7F", "%0A", "%1B%5B31m", "%C2%85", "%FF", "%C0%80", "%E0%80%AF", "%ED%A0%80", "%F4%90%80%80",
        "a%E2%82", new('x', 6001)];

    private static IReadOnlyList<string> NotOf(FilterKind kind) => kind switch
    {
        FilterKind.Codes => ["no-such-code", ",", "A,,A", "%27%20or%201%3D1--", "%F0%9F%98%80", Many(51)],
        FilterKind.Actors => ["Not%20an%20id", "-a", ",", "alpha,", "a%2Fb", "iso9:TJK", "iso3:tjk", "iso3:QQQ", "iso3:", ":", "%D1%8F",
            new('a', 129), Many(51)],
        FilterKind.Ids => ["Not%20an%20id", "-a", ",", "iso3:TJK", new('a', 129), Many(51)],
        FilterKind.FirstDay or FilterKind.LastDay or FilterKind.Days =>
            ["yesterday", "2024-13", "2023-02-29", "24", "2024-8", "2024%2F2023", "10000", "0000", "-1", "2024-01-01T00:00:00Z",
            "2024,2025", "1704067200"],
        FilterKind.Number =>
            ["abc", "1e5", "NaN", "Infinity", "0x10", "1,5", "--1", "1_000", "%D9%A1", new('9', 101), ".", "-", "1.2.3", "1%27"],
        FilterKind.Boolean => ["yes", "TRUE", "1", "0", "true,false"],
        FilterKind.Instant => ["2026", "yesterday", "2026-11-23", "2026-13-01T00:00:00Z", "2026-11-23T25:00:00Z",
            "2026-11-23T10:00:00%2B99:00", "1700000000", "T"],
        FilterKind.Box =>
            ["-181,0,1,1", "0,0,180.5,1", "0,-91,1,1", "0,0,1,90.01", "1,2,3", "1,2,3,4,5", "a,b,c,d", "10,0,5,1", "0,10,1,5", ",,,",
                "NaN,0,1,1", "1e1,0,20,1"],
        FilterKind.Texts => ["a,,b", ",", Many(51), "2024-08", "27.10"],
        FilterKind.Text => ["%20", "%C2%A0", new('x', 301)],
        FilterKind.Fields => ["id", "nope", ",", "version"],
        _ => [],
    };

    private static readonly (string Name, string[] Values)[] General =
    [
        ("limit", ["0", "-1", "1001", "1.5", "abc", "99999999999999999999", "1e3", "%2B1", "%201", "0x10", "%D9%A1"]),
        ("sort", ["nope", "-", "--id", "id,id", ",", "id,", "%2Bid", "ID", "id%20desc", "id;drop%20table%20actors"]),
        ("count", ["yes", "EXACT", "exact,estimated", "1"]),
        ("edition", ["4B7D12E0", "4b7d-12e0", "a,b", "a%20b", new('a', 33)]),
        ("consistency", ["yes", "LIVE", "live,position", "1"]),
        ("lang", ["t", "tg_TJ", "-", "tg-", "tg,fa", "%2A", "tajik%20language", "123", new('a', 36)]),
        ("fields", ["nope", "id,", ",", "ID", "*", "id%20", "names.text"]),
        ("expand", ["nope", ",", "*", "id"]),
        ("facets", ["nope", ",", "*", "id"]),
        ("q", [".", "%E2%80%94", "%21%3F", new('x', 201)]),
        ("asOf",
            ["yesterday", "2026", "2026-11-23", "2026-13-01T00:00:00Z", "2026-11-23T25:00:00Z", "2026-11-23T10:00:00%2B99:00", "T",
                "9999-12-31T00:00:00Z",
            "no-such-release", "LATEST", "latest", "1", "1-", "-abcdefgh", "1-abc", "1-abcdefghi", "1--abcdefg", "1.-abcdefgh",
                "%D9%A1-abcdefgh",
            "99999999999999999999-abcdefgh", "1.2.3-abcdefgh", "1-abcdefgh%20", "1%27-abcdefgh", new('9', 80)]),
        ("cursor", ["garbage", "!!!", "AAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAA", "e30", "bnVsbA", "%2F", "YWJj=", new('A', 2000)]),
    ];

    public static TheoryData<string> Resources => SampleRecords.Resources;

    [Theory, MemberData(nameof(Resources))]
    public async Task Every_list_parameter_refuses_invalid_values(string resource)
    {
        var (definition, path) = (ResourceOf(resource).List, SampleRecords.Of(resource).Path);
        var refusals = await Refusals.BeginAsync(api);
        var filters = definition.Filters.Append(Filters.UpdatedAfter).ToList();
        foreach (var name in ListRequest.Known(definition))
        {
            // a blank `q` is no filter
            foreach (var value in NeverTaken.Where(v => name != "q" || v is not ("" or "%0A" or "%C2%85")))
                await refusals.GetAsync($"{path}?{name}={value}", $"/query/{name}", 400);
            if (filters.Find(f => f.Name == name) is not { } filter)
            {
                foreach (var value in General.Single(g => g.Name == name.Split('.')[0]).Values)
                    await refusals.GetAsync($"{path}?{name}={value}", $"/query/{name}", 400);
                if (name.Split('.')[0] is not ("sort" or "fields" or "expand" or "facets"))
                    await refusals.GetAsync($"{path}?{name}=1&{name}=1", $"/query/{name}", 400);
                continue;
            }

            foreach (var value in NotOf(filter.Kind))
                await refusals.GetAsync($"{path}?{name}={value}", $"/query/{name}", 400);
            if (filter.IsList)
                await refusals.GetAsync($"{path}?{name}=a%5Cb", $"/query/{name}", 400);
            else
                await refusals.GetAsync($"{path}?{name}=1&{name}=1", $"/query/{name}", 400);
        }

        if (definition.HasDates)
            await refusals.GetAsync($"{path}?from=2025&to=2024", "/query/from", 400);
        foreach (var name in (string[])["Limit", "limits", "offset", "page", "actor%5B%5D", "%24filter", "version", "value", "a~b%2Fc",
            "%00", "%FF", "%F0%9F%98%80", "q%20", "__proto__"])
        {
            await refusals.GetAsync($"{path}?{name}=1", $"/query/{Uri.UnescapeDataString(name) switch
            {
                "a~b/c" => "a~0b~1c",
                "\0" => "\ufffd",
                "\U0001f600" => "\ufffd\ufffd",
                var other => other,
            }}", 400);
        }

        foreach (var rest in (string[])["/availability", $"/{SampleRecords.Of(resource).Id}"])
            await refusals.GetAsync($"{path}{rest}?limit=1", "/query/limit", 400);
        foreach (var name in (string[])["fields", "expand"])
        {
            foreach (var value in (string[])[.. NeverTaken, "nope"])
                await refusals.GetAsync($"{path}/{SampleRecords.Of(resource).Id}?{name}={value}", $"/query/{name}", 400);
        }

        await refusals.EndAsync(300);
    }

    [Fact]
    public async Task All_invalid_parameters_are_reported_at_once_with_suggestions()
    {
        const string Query = "typ=ban&limit=0&sort=earliset&validAt=2024-13&actor=A&count=x&fields=nope&actor=alpha";
        var answer = await api.Reader.GetJsonAsync($"/v1/relations?{Query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            ["/query/actor", "/query/count", "/query/fields", "/query/limit", "/query/sort", "/query/typ", "/query/validAt"],
            answer.Pointers.Order(StringComparer.Ordinal));
        Assert.Equal("Unknown parameter; did you mean 'type'?", (string)answer.Body!["errors"]!["/query/typ"]![0]!["message"]!);
        Assert.Equal("'earliset' is not a sort key; did you mean 'earliest'?",
            (string)answer.Body["errors"]!["/query/sort"]![0]!["message"]!);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task A_cursor_that_was_forged_gives_a_page_or_is_refused(string resource)
    {
        var (definition, path) = (ResourceOf(resource), SampleRecords.Of(resource).Path);
        var refusals = await Refusals.BeginAsync(api);
        var secrets = api.Services.GetRequiredService<ServiceSecrets>();
        string Forged(string sort, params string[] keys) =>
            Cursor.Write(keys, SearchMode.Words, null, CanonicalOf(definition, path, sort), secrets);
        foreach (var key in definition.List.AllSortKeys.Where(k => k != ListDefinition.Id))
        {
            string[] absurd = key.Type switch
            {
                FieldType.Text => ["a\0b", "\0"],
                FieldType.Date => ["", "2024-02-30", "infinity", "0000-00-00", "2024", "2024-01-01' or 1=1", "10000-01-01", "\0"],
                FieldType.Instant => ["", "-1", "abc", "9223372036854775807", "99999999999999999999", "1.5", "infinity", "\0"],
                _ => ["", "abc", "Infinity", "-Infinity", "1e5", "--1", "1.2.3", "-", ".", "1'; drop table actors", "nan", "٣", "\0"],
            };
            foreach (var value in absurd)
                await refusals.GetAsync($"{path}?sort={key.Name}&cursor={Forged(key.Name, value, "x")}", "/query/cursor", 400);
            foreach (var keys in (string[][])[[], ["x"], ["x", "x", "x"]])
                await refusals.GetAsync($"{path}?sort={key.Name}&cursor={Forged(key.Name, keys)}", "/query/cursor", 400);
            // of another order, of another list, and damaged
            await refusals.GetAsync($"{path}?sort=id&cursor={Forged(key.Name, "x", "x")}", "/query/cursor", 400);
            var valid = Forged(key.Name, Odd(key.Type)[0], "x");
            await refusals.GetAsync($"{path}?sort={key.Name}&limit=5&cursor={(valid[0] == 'A' ? 'B' : 'A')}{valid[1..]}", "/query/cursor",
                400);
            await refusals.GetAsync($"{path}?sort=-{key.Name}&cursor={valid}", "/query/cursor", 400);
            await refusals.GetAsync($"{path}?sort={key.Name}&updatedAfter=2026-01-01T00:00:00Z&cursor={valid}", "/query/cursor", 400);

            foreach (var direction in (string[])["", "-"])
            {
                foreach (var value in Odd(key.Type))
                {
                    foreach (var id in (string[])["", "x", "Z\u001f", "\uffff", new('z', 300)])
                    {
                        var sort = $"{direction}{key.Name}";
                        var odd = await api.Reader.GetJsonAsync($"{path}?sort={sort}&cursor={Forged(sort, value, id)}");
                        Assert.True(odd.Status == HttpStatusCode.OK, $"{direction}{key.Name} {value} {id}: {odd.Status}");
                    }
                }
            }
        }

        await refusals.EndAsync(10);
    }

    [Fact]
    public async Task Paths_that_lead_nowhere_are_refused()
    {
        var refusals = await Refusals.BeginAsync(api);
        var ids = new[]
        {
            "Alpha", "ALPHA", "-alpha", "alpha%20", "%20", "alpha%0A", "alpha%01", "..%2f..%2fetc%2fpasswd", "%252e%252e", "..%5c",
            "%D1%82%D0%B0", "%F0%9F%98%80", "%FF",
            "%C0%80", "%ED%A0%80", "a'b", "a%22b", "a;b", "a,b", "a*b", "(select%201)", "%25", "%25s", "alpha%2Fbeta", "nothing",
            new string('a', 128), new string('a', 129), new string('a', 3000),
            "null", "undefined", "0", "-1", "%3Cscript%3E",
        };
        foreach (var path in SampleRecords.All.Select(s => s.Path))
        {
            foreach (var id in ids)
                await refusals.GetAsync($"{path}/{id}", "/path/id", 404);
        }

        foreach (var id in (string[])["iso9:TJK", "iso3:tjk", "iso3:", ":", "::"])
            await refusals.GetAsync($"/v1/actors/{id}", "/path/id", 400);
        await refusals.GetAsync("/v1/actors/iso3:QQQ", "/path/id", 404);
        foreach (var id in (string[])["Length", "nothing", "%20", "..%2f"])
            await refusals.GetAsync($"/v1/indicators/{id}/observations", "/path/indicator", 404);
        foreach (var name in (string[])["Actor-types", "actor-type", "nothing", "%FF", "..%2f", new string('a', 3000)])
            await refusals.GetAsync($"/v1/codelists/{name}", "/path/name", 404);
        foreach (var address in (string[])["/v2", "/v1/actor", "/v1/actors/alpha/beta", "/V1/nothing", "/.env", "/v1/../etc",
            "/problems/nothing", "/health", "/index.php", "/%FF", "/favicon.ico"])
        {
            await refusals.GetAsync(address, null, 404);
        }

        await refusals.GetAsync($"/v1/actors?q={new string('x', 9 * 1024)}", null, 414);
        await refusals.GetAsync($"/v1/{new string('x', 9 * 1024)}", null, 414);
        await refusals.GetAsync($"/v1/actors/{string.Concat(Enumerable.Repeat("%D1%8F", 9 * 1024 / 4))}", null, 414);
        await refusals.EndAsync(250);
    }

    [Fact]
    public async Task Methods_that_an_address_does_not_take_are_refused_with_those_that_it_does()
    {
        var refusals = await Refusals.BeginAsync(api);
        foreach (var (address, allowed) in Addresses())
        {
            foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO", "get"])
            {
                if (allowed.Contains(method.ToUpperInvariant(), StringComparison.Ordinal))
                    continue;
                var refused = await refusals.SendAsync("", refusals.Request(new HttpMethod(method), address), null, [405]);
                AssertAllow(refused);
            }

            using var options = refusals.Request(HttpMethod.Options, address);
            using var told = await api.Reader.SendAsync(options, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NoContent, told.StatusCode);
            AssertAllow(told);
            Assert.Equal("", await told.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

            void AssertAllow(HttpResponseMessage answer) =>
                Assert.Equal($"{allowed} HEAD OPTIONS".Split(' ').Order(StringComparer.Ordinal),
                    answer.Content.Headers.Allow.Order(StringComparer.Ordinal));
        }

        await refusals.EndAsync(80);

        static IEnumerable<(string, string)> Addresses()
        {
            foreach (var sample in SampleRecords.All)
            {
                yield return (sample.Path, "GET POST");
                yield return (sample.Address, "DELETE GET PATCH PUT");
                // as far as routing knows it could be a record's address too
                yield return ($"{sample.Path}/availability", "DELETE GET PATCH PUT");
            }

            yield return ("/v1", "GET");
            yield return ("/v1/codelists", "GET");
            yield return ("/v1/codelists/all", "GET");
            yield return ("/v1/codelists/flows", "GET");
            yield return ("/problems/gone", "GET");
        }
    }

    [Fact]
    public async Task Writing_without_an_editor_key_is_refused_with_a_challenge()
    {
        var refusals = await Refusals.BeginAsync(api);
        var revoked = await KeyAsync("revoked", Roles.Editor);
        await using (var revoke = api.Database.CreateCommand("update api_keys set revoked_at = now() where name = 'revoked'"))
            await revoke.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var reader = await KeyAsync("reader", Roles.Reader);
        refusals = await Refusals.BeginAsync(api);
        string?[] wrong =
        [
            null, "", "Bearer", "Bearer ", "Bearer  ", "Basic dXNlcjpwYXNz", "Digest x", "Token x", KeyText.New(),
            $"Bearer {KeyText.New()}", $"Bearer {revoked}", $"Basic {reader}",
            "Bearer tt_", "Bearer null", "Bearer ' or 1=1 --", $"Bearer {new string('x', 10_000)}", $"Bearer tt_{new string('x', 10_000)}",
            $"Bearer tt_{new string('x', 196)}",
            $"Bearer {revoked} {revoked}", $"Bearer {revoked}, Bearer {revoked}", $"Bearer\t{reader}", "Bearer tt_%00",
            $"Bearer {reader.ToUpperInvariant()}", $"Bearer {reader[..^1]}", $"Bearer {reader}x",
        ];
        foreach (var (authorization, status) in wrong.Select(w => (w, 401)).Append(($"Bearer {reader}", 403)))
        {
            foreach (var sample in status == 401 ? SampleRecords.All.Take(2) : SampleRecords.All)
            {
                foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
                {
                    var request = refusals.Request(method, method == HttpMethod.Post ? sample.Path : sample.Address);
                    if (method != HttpMethod.Delete)
                        request.Content = new StringContent(sample.Body.ToJsonString(), Encoding.UTF8, "application/json");
                    if (authorization is not null)
                        request.Headers.TryAddWithoutValidation("Authorization", authorization);
                    var answer = await refusals.SendAsync(authorization ?? "no key", request, "/header/Authorization", [status],
                        api.Reader);
                    Assert.Equal(status == 401, answer.Headers.WwwAuthenticate.ToString() == "Bearer realm=\"tajik-taliban-api\"");
                    if (status == 403)
                    {
                        Assert.Contains("'reader'", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                            StringComparison.Ordinal);
                    }
                }
            }
        }

        await refusals.EndAsync(200);
    }

    [Fact]
    public async Task An_admin_may_write_and_a_key_that_is_revoked_stops_at_once()
    {
        var key = await KeyAsync("admin", Roles.Admin);
        using var admin = api.Client(key);
        Assert.Equal(HttpStatusCode.Created, (await admin.SendJsonAsync(HttpMethod.Post, "/v1/indicators",
            SampleRecords.Indicator("by-admin"))).Status);
        await using (var revoke = api.Database.CreateCommand("update api_keys set revoked_at = now() where name = 'admin'"))
            await revoke.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await admin.SendJsonAsync(HttpMethod.Post, "/v1/indicators",
            SampleRecords.Indicator("by-admin-too"))).Status);
    }

    [Fact]
    public async Task Media_types_that_are_not_taken_are_refused()
    {
        var refusals = await Refusals.BeginAsync(api);
        string?[] types =
        [
            null, "", "text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "application/json-patch+json", "application/jsonx",
            "application/*", "*/*", "json", "garbage", "application/json; charset=utf-16", "application/json; charset=iso-8859-1",
            "application/json; charset=\"utf-16le\"", "application/json; charset=utf-7",
            "application/json, text/plain", "application/ld+json",
        ];
        foreach (var type in types.Append("application/merge-patch+json"))
            await SendAsync(HttpMethod.Post, "/v1/indicators", type, null, "/header/Content-Type");
        foreach (var type in types)
        {
            await SendAsync(HttpMethod.Patch, "/v1/indicators/length", type, null, "/header/Content-Type");
            await SendAsync(HttpMethod.Put, "/v1/indicators/never-written", type, null, "/header/Content-Type");
        }

        foreach (var encoding in (string[])["gzip", "br", "identity, gzip", "nonsense"])
            await SendAsync(HttpMethod.Post, "/v1/indicators", "application/json", encoding, "/header/Content-Encoding");
        await refusals.EndAsync(60);

        Task SendAsync(HttpMethod method, string path, string? type, string? encoding, string pointer)
        {
            var request = refusals.Request(method, path);
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(SampleRecords.Indicator("never-written").ToJsonString()));
            if (type is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            if (encoding is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            return refusals.SendAsync($"{type} {encoding}", request, pointer, [415]);
        }
    }

    [Theory]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("APPLICATION/JSON")]
    public async Task Media_types_that_mean_json_in_utf_8_are_taken(string type)
    {
        var body = SampleRecords.Indicator($"typed-{type.Length}-{type[0]}".ToLowerInvariant());
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await api.Editor.PostAsync(new Uri("/v1/indicators", UriKind.Relative), content,
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task Unknown_representations_are_refused()
    {
        var refusals = await Refusals.BeginAsync(api);
        string[] addresses = ["/v1", "/v1/codelists", "/v1/codelists/all", "/v1/codelists/flows", .. SampleRecords.All
            .SelectMany(s => new[] { s.Path, $"{s.Path}/availability" }), "/v1/actors/alpha", "/v1/sources/source"];
        foreach (var address in addresses)
        {
            foreach (var accept in (string[])["image/*", "text/html", "application/xml", "image/png", "application/json;q=0", "garbage"])
            {
                var request = refusals.Request(HttpMethod.Get, address);
                request.Headers.TryAddWithoutValidation("Accept", accept);
                await refusals.SendAsync(accept, request, "/header/Accept", [406], api.Reader);
            }
        }

        await refusals.EndAsync(100);
    }

    [Fact]
    public async Task Conditions_that_cannot_be_read_are_refused()
    {
        var refusals = await Refusals.BeginAsync(api);
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
        {
            foreach (var match in (string[])["garbage", "1", "\"1", "1\"", "'1'", "W/1", ";", "\"1\";q=1", "", " "])
                await SendAsync(method, match, null, "/header/If-Match");
            foreach (var none in (string[])["\"1\"", "garbage", "", "**", "*, \"1\"", "W/\"1\""])
                await SendAsync(method, null, none, "/header/If-None-Match");
            await SendAsync(method, "\"1\"", "*", "/header/If-Match");
            await SendAsync(method, "garbage", "garbage", "/header/If-Match");
        }

        await refusals.EndAsync(50);

        Task SendAsync(HttpMethod method, string? match, string? none, string pointer)
        {
            var request = refusals.Request(method, "/v1/indicators/length");
            if (method != HttpMethod.Delete)
            {
                request.Content = new StringContent(SampleRecords.Indicator("length").ToJsonString(),
                    new MediaTypeHeaderValue("application/json"));
            }

            if (match is not null)
                request.Headers.TryAddWithoutValidation("If-Match", match);
            if (none is not null)
                request.Headers.TryAddWithoutValidation("If-None-Match", none);
            return refusals.SendAsync($"{match} {none}", request, pointer, [400]);
        }
    }

    [Fact]
    public async Task Writing_takes_no_parameters()
    {
        var refusals = await Refusals.BeginAsync(api);
        foreach (var sample in SampleRecords.All)
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
            {
                var request = refusals.Request(method, $"{(method == HttpMethod.Post ? sample.Path : sample.Address)}?force=true");
                if (method != HttpMethod.Delete)
                    request.Content = new StringContent(sample.Body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
                await refusals.SendAsync("", request, "/query/force", [400]);
            }
        }

        await refusals.EndAsync(28);
    }

    private static string Many(int many) => string.Join(',', Enumerable.Range(0, many)
        .Select(i => $"a{i.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>Keys that no record has and that a cursor may hold.</summary>
    private static string[] Odd(FieldType type) => type switch
    {
        FieldType.Text => ["", "'; drop table actors; --", "\uffff", "😀", new('z', 1000)],
        FieldType.Date => ["0001-01-01", "9999-12-31", "2024-02-29"],
        FieldType.Instant => ["0", "3155378975999999999", "638000000000000000"],
        _ => ["NaN", "0", "-0", ".5", "5.", "-1.50", new('9', 499)],
    };

    private static string CanonicalOf(Resource resource, string path, string sort)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString($"?sort={sort}");
        return ListRequest.Read(http.Request, resource, resource.List.Scope is null ? null : path.Split('/')[3]).Canonical;
    }

    private Resource ResourceOf(string resource) => api.Services.GetRequiredService<ResourceCatalogue>().All.Single(r =>
        r.Name == resource);

    private Task<string> KeyAsync(string name, string role) => api.CreateKeyAsync(name, role);
}
