using Microsoft.EntityFrameworkCore.Design;

namespace TajikTaliban.Api.Storage;

/// <summary>Lets <c>dotnet ef migrations add</c> read the model without a database.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ApiDbContext>
{
    public ApiDbContext CreateDbContext(string[] args) => Database.Context(Database.Open("Host=localhost;Database=design"));
}
