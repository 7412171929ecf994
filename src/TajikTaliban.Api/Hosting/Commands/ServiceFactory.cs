using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary>Builds the service for the commands; the composition root supplies it.</summary>
/// <param name="CreateBuilder">Makes a builder that listens on the given addresses, or on the configured ones.</param>
/// <param name="Build">Builds the service over the pools of a database, and connections to the server itself.</param>
public sealed record ServiceFactory(
    Func<string?, WebApplicationBuilder> CreateBuilder,
    Func<WebApplicationBuilder, ConnectionPools, DirectDatabase?, WebApplication> Build);
