using Npgsql;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Hosting;

/// <summary>What is put into the container.</summary>
internal static class Services
{
    public static void AddStorage(this IServiceCollection services, NpgsqlDataSource database, TimeProvider time)
    {
        services.AddSingleton(database);
        services.AddSingleton(time);
        services.AddSingleton<RecordReader>();
        services.AddSingleton<ListReader>();
        services.AddSingleton<CoverageReader>();
        services.AddSingleton<ResourceCatalogue>();
    }

    public static void AddResource<TResource>(this IServiceCollection services)
        where TResource : Resource
    {
        services.AddSingleton<TResource>();
        services.AddSingleton<Resource>(provider => provider.GetRequiredService<TResource>());
    }
}
