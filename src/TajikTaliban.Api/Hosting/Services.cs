using Npgsql;
using TajikTaliban.Api.Platform.Concurrency;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Hosting;

/// <summary>What is put into the container.</summary>
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
        services.AddSingleton(new LedgerReader(database, feed));
        services.AddSingleton<ReleaseReader>();
        services.AddSingleton<AsOfParameter>();
        services.AddSingleton<LedgerTail>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerTail>());
    }

    public static void AddResource<TResource>(this IServiceCollection services)
        where TResource : Resource
    {
        services.AddSingleton<TResource>();
        services.AddSingleton<Resource>(provider => provider.GetRequiredService<TResource>());
    }
}
