using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.TableMappings;

internal sealed class ApiKeyTable : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.ToTable("api_keys", t => t.HasCheckConstraint("ck_api_keys_role", "role in ('reader', 'editor', 'admin')"));
        key.HasKey(k => k.Name);
        key.HasIndex(k => k.Hash).IsUnique();
        key.HasIndex(k => k.PreviousHash).IsUnique();
    }
}

internal sealed class TombstoneTable : IEntityTypeConfiguration<Tombstone>
{
    public void Configure(EntityTypeBuilder<Tombstone> tombstone)
    {
        tombstone.ToTable("tombstones");
        tombstone.HasKey(t => new { t.Resource, t.Id });
    }
}

internal sealed class SeededRecordTable : IEntityTypeConfiguration<SeededRecord>
{
    public void Configure(EntityTypeBuilder<SeededRecord> seeded)
    {
        seeded.ToTable("seeded_records");
        seeded.HasKey(s => new { s.Resource, s.Id });
    }
}

internal sealed class SeededPackTable : IEntityTypeConfiguration<SeededPackRecord>
{
    public void Configure(EntityTypeBuilder<SeededPackRecord> pack)
    {
        pack.ToTable("seeded_packs");
        pack.HasKey(p => p.Name);
    }
}
