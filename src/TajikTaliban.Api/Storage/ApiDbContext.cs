using Microsoft.EntityFrameworkCore;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage;

/// <summary>The model: tables, keys and constraints. Frequent reads bypass it (see <see cref="Listing.ListReader"/>); migrations and writes
/// use it.</summary>
public sealed class ApiDbContext(DbContextOptions<ApiDbContext> options) : DbContext(options)
{
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<Tombstone> Tombstones => Set<Tombstone>();

    public DbSet<SeededRecord> SeededRecords => Set<SeededRecord>();

    public DbSet<SeededPackRecord> SeededPacks => Set<SeededPackRecord>();

    /// <summary>The sources whose publication date has changed in the transaction.</summary>
    public ISet<string> RedatedSources { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>The table of a resource's records.</summary>
    public string TableOf<T>()
        where T : Record => Model.FindEntityType(typeof(T))!.GetTableName()!;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        // Full text and trigrams for q, and equality inside exclusion constraints. All three are trusted extensions: an owner of the
        // database may create them.
        modelBuilder.HasPostgresExtension("pg_trgm").HasPostgresExtension("btree_gist");
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ApiDbContext).Assembly);

        // Ids are ASCII slugs: byte order is their order, the same on every server and the cheapest to compare.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
        {
            if (property.ClrType == typeof(string) && (property.Name == "Id" || property.Name.EndsWith("Id", StringComparison.Ordinal)))
            {
                property.SetMaxLength(RecordId.MaxLength);
                property.SetCollation("C");
            }
        }
    }
}
