using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Client;

namespace TajikTaliban.Api.IntegrationTests.Clients;

/// <summary>Pages, problems, retries, edits and views of the .NET client, against the running service.</summary>
public sealed class ClientTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Uri Address => api.Reader.BaseAddress!;

    [Fact]
    public async Task All_items_of_all_pages_come_in_order()
    {
        var line = new StubbedLine(Address);
        var client = new TajikTalibanClient(line.Client());
        var served = await api.Reader.WalkAsync("/v1/events?sort=-earliest&limit=1000");

        var first = await client.ListEventsAsync(sort: [EventOrder.EarliestDescending], limit: 7, cancellationToken: Cancellation);
        var read = await client.AllAsync(first, Cancellation).ToListAsync(Cancellation);
        var pages = await client.PagesAsync(first, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(served.Select(e => (string)e["id"]!), read.Select(e => e.Id));
        Assert.Equal(served.Count, pages.Sum(p => p.Items.Count));
        Assert.Equal(1 + (2 * ((served.Count - 1) / 7)), line.Requests.Count);
    }

    [Fact]
    public async Task The_changes_end_as_a_sequence_though_each_page_has_a_next()
    {
        var client = new TajikTalibanClient(api.Reader);

        var read = await client.AllAsync(await client.ListChangesAsync(limit: 100, cancellationToken: Cancellation), Cancellation)
            .ToListAsync(Cancellation);

        Assert.True(read.Count > 100);
        Assert.Equal(read.Count, read.Select(c => c.Position).Distinct().Count());
    }

    [Fact]
    public async Task A_sequence_stops_when_it_is_cancelled()
    {
        var line = new StubbedLine(Address);
        var client = new TajikTalibanClient(line.Client());
        using var source = new CancellationTokenSource();
        var first = await client.ListEventsAsync(limit: 3, cancellationToken: Cancellation);
        var read = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in client.AllAsync(first, Cancellation).WithCancellation(source.Token))
            {
                if (++read == 4)
                    await source.CancelAsync();
            }
        });

        Assert.Equal((4, 2), (read, line.Requests.Count));
    }

    [Fact]
    public async Task A_next_page_at_another_host_is_refused()
    {
        var line = new StubbedLine(Address)
        {
            Rewrite = t => t.Replace("\"/v1/events?", "\"https://example.org/v1/events?", StringComparison.Ordinal),
        };
        var client = new TajikTalibanClient(line.Client());
        var first = await client.ListEventsAsync(limit: 3, cancellationToken: Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await client.AllAsync(first, Cancellation).ToListAsync(Cancellation));
        Assert.Single(line.Requests);
    }

    [Fact]
    public async Task A_problem_has_status_code_and_errors_with_codes_and_parameters()
    {
        var client = new TajikTalibanClient(api.Editor);

        var problem = await Assert.ThrowsAsync<ProblemException>(() => client.CreateActorAsync(new ActorRequest
        {
            Name = " ",
            Type = new("kingdom"),
            Citations = [new() { Source = "nobody", Certainty = CertaintyCode.Stated }],
        }, cancellationToken: Cancellation));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid-record"), (problem.Status, problem.Code));
        Assert.Equal(["/citations/0/source", "/name", "/type"], problem.Errors.Keys.Order());
        Assert.Equal("unknown-code", problem.Errors["/type"][0].Code);
        Assert.Equal("actor-types", problem.Errors["/type"][0].Data!["list"].GetString());
        Assert.Null(problem.RetryAfter);
        var missing = await Assert.ThrowsAsync<ProblemException>(() => client.GetActorAsync("nobody", cancellationToken: Cancellation));
        Assert.Equal((HttpStatusCode.NotFound, "not-found", "/path/id"),
            (missing.Status, missing.Code, Assert.Single(missing.Errors.Keys)));
    }

    [Fact]
    public async Task An_error_of_a_proxy_is_a_problem_without_a_code()
    {
        var line = new StubbedLine(Address)
        {
            Respond = _ => new(HttpStatusCode.BadGateway) { Content = new StringContent("<html>", null, "text/html") },
        };

        var problem = await Assert.ThrowsAsync<ProblemException>(
            () => new TajikTalibanClient(line.Client()).GetMeAsync(Cancellation));

        Assert.Equal((HttpStatusCode.BadGateway, "", "<html>", 1), (problem.Status, problem.Code, problem.Response, line.Requests.Count));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_read_is_repeated_after_Retry_After_and_a_write_is_not(HttpStatusCode status)
    {
        var line = new StubbedLine(Address, await api.CreateKeyAsync($"retries-{status}", "editor"));
        var client = new TajikTalibanClient(line.Client());
        var left = 2;
        line.Respond = _ => left-- > 0 ? Refusal(status, "0") : null;

        var actor = await client.GetActorAsync("taliban", cancellationToken: Cancellation);
        Assert.Equal(("taliban", 3), (actor.Id, line.Requests.Count));

        left = 1;
        line.Requests.Clear();
        var problem = await Assert.ThrowsAsync<ProblemException>(() => client.CreateSourceAsync(
            new SourceRequest { Kind = SourceKindCode.Report, Title = "Not repeated" }, cancellationToken: Cancellation));
        Assert.Equal((status, TimeSpan.Zero, 1), (problem.Status, problem.RetryAfter!.Value, line.Requests.Count));
    }

    [Fact]
    public async Task Retries_are_within_limits()
    {
        var line = new StubbedLine(Address) { Respond = _ => Refusal(HttpStatusCode.ServiceUnavailable, "0") };
        var client = new TajikTalibanClient(line.Client(), new TajikTalibanClientOptions { MaxRetries = 2 });

        await Assert.ThrowsAsync<ProblemException>(() => client.GetMeAsync(Cancellation));
        Assert.Equal(3, line.Requests.Count);

        line.Requests.Clear();
        line.Respond = _ => Refusal(HttpStatusCode.ServiceUnavailable, "3600");
        var long_ = await Assert.ThrowsAsync<ProblemException>(() => client.GetMeAsync(Cancellation));
        Assert.Equal((TimeSpan.FromHours(1), 1), (long_.RetryAfter!.Value, line.Requests.Count));
    }

    [Fact]
    public async Task An_edit_is_computed_anew_when_the_record_was_changed_in_between()
    {
        var line = new StubbedLine(Address, await api.CreateKeyAsync("edits", "editor"));
        var client = new TajikTalibanClient(line.Client());
        var source = await client.CreateSourceAsync(new SourceRequest { Kind = SourceKindCode.Report, Title = "One" },
            cancellationToken: Cancellation);
        var runs = 0;

        var edited = await client.EditAsync(source.Id, (Source s) =>
        {
            if (++runs == 1)
                ChangeByAnother(source.Id, s.Version, "Two");
            return new SourcePatch { Title = s.Title + ", revised" };
        }, new EditOptions { Cause = ChangeCauseCode.SourceRevised, Note = "Барои санҷиш" }, Cancellation);

        Assert.Equal(("Two, revised", 3, 2), (edited.Title, edited.Version, runs));
        var last = (await client.GetSourceHistoryAsync(source.Id, cancellationToken: Cancellation)).Items[0];
        Assert.Equal(("source-revised", "Барои санҷиш"), (last.Cause, last.Note));
        Assert.Equal(
            [$"\"{source.Id}.1.", $"\"{source.Id}.2."],
            line.Requests.Where(r => r.Method == "PATCH").Select(r => r.Message.Headers.IfMatch.Single().Tag[..(source.Id.Length + 4)]));
        Assert.NotNull(line.Requests.Last(r => r.Method == "GET" && !r.Address.EndsWith("/history", StringComparison.Ordinal)).Message
            .Headers.GetValues("Min-Position").Single());
    }

    [Fact]
    public async Task An_edit_ends_with_412_after_its_attempts()
    {
        var client = new TajikTalibanClient(api.Editor);
        var source = await client.CreateSourceAsync(new SourceRequest { Kind = SourceKindCode.Report, Title = "Contended" },
            cancellationToken: Cancellation);
        var runs = 0;

        var problem = await Assert.ThrowsAsync<ProblemException>(() => client.EditAsync(source.Id, (Source s) =>
        {
            ChangeByAnother(source.Id, s.Version, $"Contended {++runs}");
            return new SourcePatch { Title = "Never" };
        }, new EditOptions { Attempts = 2 }, Cancellation));

        Assert.Equal((HttpStatusCode.PreconditionFailed, 2), (problem.Status, runs));
        Assert.Equal("Contended 2", (await client.GetSourceAsync(source.Id, cancellationToken: Cancellation)).Title);
    }

    [Fact]
    public async Task An_edit_can_remove_a_field_leave_the_record_and_name_an_observation()
    {
        var client = new TajikTalibanClient(api.Editor);
        var source = await client.CreateSourceAsync(
            new SourceRequest { Kind = SourceKindCode.Report, Title = "With a publisher", Publisher = "A press" },
            cancellationToken: Cancellation);

        var removed = await client.EditAsync(source.Id, (Source _) => new JsonObject { ["publisher"] = null },
            cancellationToken: Cancellation);
        var left = await client.EditAsync(source.Id, (Source _) => (SourcePatch?)null, cancellationToken: Cancellation);
        Assert.Equal((null, 2, 2), (removed.Publisher, removed.Version, left.Version));

        var observation = (await client.ListObservationsAsync("border-length", cancellationToken: Cancellation)).Items[0];
        var edited = await client.EditAsync($"border-length/{observation.Id}",
            (Observation o) => new ObservationPatch { Approximate = !o.Approximate }, cancellationToken: Cancellation);
        Assert.Equal(!observation.Approximate, edited.Approximate);
        await Assert.ThrowsAsync<ArgumentException>(
            () => client.EditAsync(observation.Id, (Observation _) => new JsonObject(), cancellationToken: Cancellation));
    }

    [Fact]
    public async Task All_reads_of_a_view_are_as_of_its_position()
    {
        var line = new StubbedLine(Address, await api.CreateKeyAsync("views", "editor"));
        var client = new TajikTalibanClient(line.Client());
        var before = await client.ListSourcesAsync(limit: 1, cancellationToken: Cancellation);
        var count = await client.AllAsync(before, Cancellation).CountAsync(Cancellation);
        var added = await client.CreateSourceAsync(new SourceRequest { Kind = SourceKindCode.Report, Title = "Later" },
            cancellationToken: Cancellation);
        line.Requests.Clear();

        var view = client.AsOf(before.Position);
        var first = await view.ListSourcesAsync(limit: 1, cancellationToken: Cancellation);
        Assert.Equal(count, await view.AllAsync(first, Cancellation).CountAsync(Cancellation));
        await Assert.ThrowsAsync<ProblemException>(() => view.GetSourceAsync(added.Id, cancellationToken: Cancellation));
        await view.GetActorsAvailabilityAsync(cancellationToken: Cancellation);

        Assert.All(line.Requests, r => Assert.Contains($"asOf={before.Position}", r.Address, StringComparison.Ordinal));
        var sent = line.Requests.Count;
        await Assert.ThrowsAsync<NotSupportedException>(() => view.DeleteSourceAsync(added.Id, "*", cancellationToken: Cancellation));
        await Assert.ThrowsAsync<NotSupportedException>(() => view.GetSourceHistoryAsync(added.Id, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<NotSupportedException>(() => view.ListChangesAsync(cancellationToken: Cancellation));
        Assert.Equal(sent, line.Requests.Count);
        Assert.Equal("Later", (await client.GetSourceAsync(added.Id, cancellationToken: Cancellation)).Title);
    }

    [Fact]
    public async Task Unknown_fields_and_codes_break_nothing()
    {
        var line = new StubbedLine(Address) { Rewrite = AddUnknown };
        var client = new TajikTalibanClient(line.Client());

        var changes = await client.ListChangesAsync(limit: 3, cancellationToken: Cancellation);
        var events = await client.ListEventsAsync(validAt: "2024", holds: [HoldCode.Certain, HoldCode.Possible],
            cancellationToken: Cancellation);
        var nothing = await client.ListEventsAsync(actor_all: ["tajikistan", "india"], type: [EventTypeCode.Agree],
            cancellationToken: Cancellation);

        Assert.All(changes.Items, c => Assert.Equal(new ChangeOperation("brand-new"), c.Operation));
        Assert.NotEmpty(events.Items);
        Assert.All(events.Items, e => Assert.Equal("brand-new", e.Holds?.Text));
        Assert.Equal("brand-new", nothing.Empty!.Reason.Text);
        Assert.All(events.Items, e => Assert.Equal(JsonValueKind.Object, ((JsonElement)e.AdditionalProperties["addedLater"]).ValueKind));
        Assert.Equal("\"brand-new\"", JsonSerializer.Serialize(changes.Items[0].Operation));

        static string AddUnknown(string text)
        {
            var json = JsonNode.Parse(text)!;
            Walk(json);
            return json.ToJsonString();
        }

        static void Walk(JsonNode? node)
        {
            if (node is JsonArray array)
            {
                foreach (var member in array)
                    Walk(member);
            }

            if (node is not JsonObject fields)
                return;
            foreach (var (name, value) in fields.ToList())
            {
                // maps, whose names are data
                if (name is not ("query" or "facets"))
                    Walk(value);
                if (name is "operation" or "holds" or "reason" && value is JsonValue)
                    fields[name] = "brand-new";
            }

            fields["addedLater"] = new JsonObject { ["since"] = 2 };
        }
    }

    [Fact]
    public async Task The_factory_of_HttpClients_makes_it()
    {
        var services = new ServiceCollection();
        services.AddHttpClient<TajikTalibanClient>(http => http.BaseAddress = Address);
        await using var provider = services.BuildServiceProvider();

        var me = await provider.GetRequiredService<TajikTalibanClient>().GetMeAsync(Cancellation);

        Assert.Equal(KeyRole.Reader, me.Role);
    }

    [Fact]
    public async Task Instants_keep_their_offset_in_parameters()
    {
        var line = new StubbedLine(Address);
        var client = new TajikTalibanClient(line.Client());
        var instant = new DateTimeOffset(2026, 11, 24, 15, 0, 0, TimeSpan.FromHours(5));

        await client.ListSourcesAsync(updatedAfter: instant, limit: 1, cancellationToken: Cancellation);
        await client.AsOf(instant).ListSourcesAsync(limit: 1, cancellationToken: Cancellation);

        var text = Uri.EscapeDataString(instant.ToString("O", CultureInfo.InvariantCulture));
        Assert.Contains($"updatedAfter={text}", line.Requests[0].Address, StringComparison.Ordinal);
        Assert.Contains($"asOf={text}", line.Requests[1].Address, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Refusal(HttpStatusCode status, string retryAfter) => new(status)
    {
        Headers = { { "Retry-After", retryAfter } },
        Content = new StringContent("""{"type":"/problems/busy","code":"busy","title":"Too busy","status":503}"""),
    };

    private void ChangeByAnother(string id, int version, string title)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/v1/sources/{id}");
        request.Content = new StringContent(new JsonObject { ["title"] = title }.ToJsonString(), null, "application/json");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{id}.{version}\"");
        using var response = api.Editor.Send(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
