using TajikTaliban.Api.Features.Actors;
using TajikTaliban.Api.Features.Audit;
using TajikTaliban.Api.Features.Batch;
using TajikTaliban.Api.Features.Changes;
using TajikTaliban.Api.Features.CodeLists;
using TajikTaliban.Api.Features.Corrections;
using TajikTaliban.Api.Features.Keys;
using TajikTaliban.Api.Features.Redactions;
using TajikTaliban.Api.Features.Releases;
using TajikTaliban.Api.Features.Reports;
using TajikTaliban.Api.Features.Search;
using TajikTaliban.Api.Features.Webhooks;
using TajikTaliban.Api.Hosting;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Hosting.Http;
using TajikTaliban.Api.Hosting.OpenApi;
using TajikTaliban.Api.Hosting.Telemetry;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Deadlines;
using TajikTaliban.Api.Platform.Fairness;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api;

internal static class Program
{
    private static Task<int> Main(string[] args) => CommandLine.RunAsync(
        args, new ServiceFactory(
            Service.CreateBuilder, (builder, database, direct) => Service.Build(builder, database, direct: direct)));
}

/// <summary>The composition of the service: its parts, the pipeline of a request, and the routes.</summary>
public static class Service
{
    public static WebApplicationBuilder CreateBuilder(string? urls = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddServiceLogging();
        builder.AddServiceLimits(urls);
        return builder;
    }

    public static WebApplication Build(
        WebApplicationBuilder builder, ConnectionPools database, TimeProvider? time = null, DirectDatabase? direct = null)
    {
        var services = builder.Services;
        services.AddStorage(database, direct, time ?? TimeProvider.System);
        services.AddResources();
        services.AddRecordReading();
        services.AddChanges();
        services.AddReleases();
        services.AddSearch();
        services.AddRecordWriting();
        services.AddSeeds();
        services.AddMerge();
        services.AddRedactions();
        services.AddReports();
        services.AddWebhooks();
        services.AddKeyAuthentication();
        services.AddContract();
        services.AddReading();
        services.AddDeadlines();
        services.AddServiceHealth();
        services.AddRequestLog();
        services.AddFairness();
        services.AddTelemetry(builder.Configuration);

        var app = builder.Build();
        app.UseTrustedProxies();
        app.UseRequestLog();
        app.UseServiceHeaders();
        app.UseHeadAsGet();
        app.UseTrailers();
        app.UseReading();
        app.UseProblemResponses();
        app.UseDeadline();
        app.UsePositions();
        app.UseAddressLimit();
        app.UseFormatSuffixes();
        app.UseRouting();
        app.UseEncodedPath();
        app.UseCrossOriginKeys();
        app.UseKeyAuthentication();
        app.UseRoles();
        app.UseNegotiation();
        app.UseRateLimits();
        app.UseTurns();
        app.UseStandbys();
        app.UseRepeatedReads();

        var v1 = app.MapGroup("/v1");
        v1.MapRecords();
        v1.MapMerge();
        v1.MapChanges();
        v1.MapReleases();
        v1.MapSearch();
        v1.MapCorrections();
        v1.MapBatch();
        v1.MapWebhooks();
        v1.MapRedactions();
        v1.MapReports();
        v1.MapAudit();
        v1.MapMe();
        v1.MapCodeLists();
        v1.MapIndex();
        app.MapStartPages();
        app.MapContract();
        app.MapProblemPages();
        app.MapGuidePages();
        app.MapServiceHealth();
        return app;
    }
}
