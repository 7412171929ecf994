using Npgsql;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary>Builds the service for the commands; the composition root supplies it.</summary>
/// <param name="CreateBuilder">Makes a builder that listens on the given addresses, or on the configured ones.</param>
/// <param name="Build">Builds the service over a database, with a data source of its own for the feed, and one to the server
/// itself.</param>
public sealed record ServiceFactory(
    Func<string?, WebApplicationBuilder> CreateBuilder,
    Func<WebApplicationBuilder, NpgsqlDataSource, NpgsqlDataSource, DirectDatabase?, WebApplication> Build);
