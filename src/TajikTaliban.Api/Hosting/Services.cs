using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Hosting;

/// <summary>Registrations of the container.</summary>
internal static class Services
{
    public static void AddStorage(this IServiceCollection services, NpgsqlDataSource database, NpgsqlDataSource feed, TimeProvider time)
    {
        services.AddSingleton(database);
        services.AddSingleton(time);
        services.AddSingleton<RecordReader>();
        services.AddSingleton<ListReader>();
        services.AddSingleton<CoverageReader>();
        services.AddSingleton<ResourceCatalogue>();
        services.AddSingleton<RecordEditors>();
        services.AddSingleton(new LedgerReader(database, feed));
        services.AddSingleton<ReleaseReader>();
        services.AddSingleton<AsOfParameter>();
        services.AddSingleton<LedgerTail>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerTail>());
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
