using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace TajikTaliban.Api.Tests.Architecture;

/// <summary>A handler that waits for something stops when its client has gone.</summary>
public sealed class HandlerTests
{
    [Fact]
    public async Task Every_handler_that_waits_takes_the_cancellation_token_of_its_request()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=none");
        await using var app = Service.Build(Service.CreateBuilder(), nowhere);
        var endpoints = EndpointsOf(app);

        Assert.Superset(
            new HashSet<string>
            {
                "listEvents", "getActor", "createSource", "deleteRelation", "writeBatch", "listChanges", "listCorrections", "getIndex",
            },
            endpoints.Select(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName).OfType<string>().ToHashSet());
        Assert.Empty(WithoutCancellation(endpoints));
    }

    [Fact]
    public async Task A_planted_handler_that_waits_without_a_token_is_found()
    {
        var builder = WebApplication.CreateSlimBuilder();
        await using var app = builder.Build();
        app.MapGet("/task", async () => await Task.Delay(1));
        app.MapGet("/value-task", () => ValueTask.FromResult(Results.NoContent()));
        app.MapGet("/context", async (HttpContext http) => await Task.Delay(1, http.RequestAborted));
        app.MapGet("/request-delegate", http => http.Response.WriteAsync("", http.RequestAborted));
        app.MapGet("/cancelled", async (CancellationToken cancellation) => await Task.Delay(1, cancellation));
        app.MapGet("/at-once", () => Results.NoContent());

        Assert.Equal(
            ["/context", "/request-delegate", "/task", "/value-task"], WithoutCancellation(EndpointsOf(app)).Select(f => f.Split(' ')[0]));
    }

    private static List<RouteEndpoint> EndpointsOf(WebApplication app) =>
        [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).Cast<RouteEndpoint>()];

    private static IEnumerable<string> WithoutCancellation(IEnumerable<RouteEndpoint> endpoints) => endpoints
        .Select(e => (Route: e.RoutePattern.RawText, Method: e.Metadata.GetMetadata<MethodInfo>()))
        .Where(e => e.Method is null || (IsAwaitable(e.Method.ReturnType) && !TakesCancellation(e.Method)))
        .Select(e => $"{e.Route} ({e.Method?.DeclaringType?.FullName}.{e.Method?.Name})").Order();

    private static bool TakesCancellation(MethodInfo method) =>
        method.GetParameters().Any(p => p.ParameterType == typeof(CancellationToken));

    private static bool IsAwaitable(Type type) => type.GetMethod(nameof(Task.GetAwaiter)) is not null;
}
