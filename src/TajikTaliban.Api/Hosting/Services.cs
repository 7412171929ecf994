using Microsoft.Extensions.DependencyInjection.Extensions;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Features.Actors;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.Features.Indicators;
using TajikTaliban.Api.Features.Relations;
using TajikTaliban.Api.Features.Sources;
using TajikTaliban.Api.Features.Trade;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Counts;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Hosting;

/// <summary>Registrations of the container.</summary>
internal static class Services
{
    public static void AddStorage(
        this IServiceCollection services, ConnectionPools database, DirectDatabase? direct, TimeProvider time)
    {
        services.AddSingleton(database);
        services.AddSingleton(direct ?? new DirectDatabase(database[Lane.Health], isOwned: false));
        services.AddSingleton(time);
        services.AddSingleton<SchemaReader>();
        services.AddSingleton<ApiKeyReader>();
        services.AddSingleton<ServiceSecrets>();
        services.AddSingleton<RecordReader>();
        services.AddSingleton<ListReader>();
        services.AddSingleton<TableSizes>();
        services.AddSingleton<CoverageReader>();
        services.AddSingleton<KeptCounts>();
        services.AddSingleton<CountReader>();
        services.AddSingleton<Vocabulary>();
        services.AddSingleton<WordStatistics>();
        services.AddSingleton<SearchReader>();
        services.TryAddSingleton(Edition.Current);
        services.AddSingleton<ResourceCatalogue>();
        services.AddSingleton<RecordFinder>();
        services.AddSingleton<PositionReader>();
        services.AddSingleton<VersionReader>();
        services.AddSingleton<Redactions>();
        services.AddSingleton<DifferenceReader>();
        services.AddSingleton<CorrectionReader>();
        services.AddSingleton<IDocumentUpgrade>(provider => provider.GetRequiredService<RecordEditors>());
        services.AddSingleton<Documents>();
        services.AddSingleton<FeedReader>();
        services.AddSingleton<SnapshotReader>();
        services.AddSingleton<ReleaseReader>();
        services.AddSingleton<ReferenceReader>();
        services.AddSingleton<AsOfParameter>();
        services.AddSingleton<LastChanges>();
        services.AddSingleton<CommitInstants>();
        services.AddSingleton<LedgerStateReader>();
        services.AddSingleton<LedgerTail>();
        services.AddSingleton<StandbyReads>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerTail>());
        services.AddHostedService(provider => new CountKeeper(
            database[Lane.Heavy], [.. provider.GetRequiredService<ResourceCatalogue>().All.Select(r => r.List)],
            provider.GetRequiredService<LedgerTail>(), provider.GetRequiredService<ILogger<CountKeeper>>()));
    }

    /// <summary>The resources: one line each.</summary>
    public static void AddResources(this IServiceCollection services)
    {
        services.AddResource(new SourceResource(), new SourceMapping());
        services.AddResource(new ActorResource(), new ActorMapping());
        services.AddResource(new RelationResource(), new RelationMapping());
        services.AddResource(new EventResource(), new EventMapping());
        services.AddResource(new TradeResource(), new TradeMapping());
        services.AddResource(new IndicatorResource(), new IndicatorMapping());
        services.AddResource(new ObservationResource(), new ObservationMapping());
    }

    /// <summary>The editors of all resources, for a command that runs without the service.</summary>
    public static RecordEditors CreateEditors()
    {
        var services = new ServiceCollection();
        services.AddResources();
        services.AddSingleton<RecordEditors>();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<RecordEditors>();
    }

    /// <summary>How the records of all resources are listed, for a command that runs without the service.</summary>
    public static IReadOnlyList<ListDefinition> CreateLists()
    {
        var services = new ServiceCollection();
        services.AddResources();
        using var provider = services.BuildServiceProvider();
        return [.. provider.GetServices<Resource>().Select(r => r.List)];
    }

    /// <summary>The operations that read records.</summary>
    public static void AddRecordReading(this IServiceCollection services)
    {
        services.AddSingleton<FilterReferences>();
        services.AddSingleton<Walks>();
        services.AddSingleton<EmptyExplanation>();
        services.AddSingleton<ListEnvelope>();
        services.AddSingleton<FacetLabels>();
        services.AddSingleton<RecordStream>();
        services.AddSingleton<ListExport>();
        services.AddSingleton<ListRecords>();
        services.AddSingleton<GetRecord>();
        services.AddSingleton<GetAvailability>();
        services.AddSingleton<GetHistory>();
    }

    /// <summary>The services for writes: requests and batches.</summary>
    public static void AddRecordWriting(this IServiceCollection services)
    {
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<RecordEditors>();
        services.AddSingleton<WriteTransaction>();
        services.AddSingleton<IdempotentWrite>();
        services.AddSingleton<WriteCommand>();
        services.AddSingleton<RecordBatch>();
        services.AddSingleton<WriteRecord>();
        services.AddSingleton<CreateRecord>();
        services.AddSingleton<ReplaceRecord>();
        services.AddSingleton<ChangeRecord>();
        services.AddSingleton<DeleteRecord>();
    }

    /// <summary>The services for seeds.</summary>
    public static void AddSeeds(this IServiceCollection services)
    {
        services.AddSingleton<SeededRecords>();
        services.AddOptions<SeedSettings>().BindConfiguration(SeedSettings.Section);
        services.AddSingleton<Seeder>();
    }

    /// <summary>A resource, with the mapping between its requests, records and responses.</summary>
    public static void AddResource<TRequest, TRecord, TResponse>(
        this IServiceCollection services, Resource<TRequest, TResponse> resource, RecordMapping<TRequest, TRecord, TResponse> mapping)
        where TRequest : class, IRecordRequest
        where TRecord : Record
        where TResponse : class
    {
        services.AddSingleton(resource.GetType(), resource);
        services.AddSingleton<Resource>(resource);
        services.AddSingleton<RecordEditor>(new RecordEditor<TRequest, TRecord, TResponse>(resource, mapping));
    }
}
