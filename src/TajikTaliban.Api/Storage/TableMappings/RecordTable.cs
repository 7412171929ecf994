using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.TableMappings;

/// <summary>The common mapping of all record tables.</summary>
internal static class RecordTable
{
    public static void MapRecord<T>(this EntityTypeBuilder<T> record, string table)
        where T : Record
    {
        record.ToTable(table, t =>
        {
            t.HasCheckConstraint($"ck_{table}_version", "version >= 1");
            t.HasCheckConstraint($"ck_{table}_shape", "shape >= 1");
        });
        record.HasKey(r => r.Id);
        record.Property(r => r.Document).HasColumnType("json");
        record.Property(r => r.Edition).HasDefaultValue(0);
        // the ledger sets its column
        record.Ignore(r => r.RecordedAt);
    }

    /// <summary>Citations of a record, in a table of their own with foreign keys both ways.</summary>
    public static void MapCitations<T>(this EntityTypeBuilder<T> record, PartTable table)
        where T : CitedRecord =>
        record.MapParts(r => r.Citations, table, citation =>
        {
            citation.Reference<Source>(nameof(Citation.SourceId));
            citation.HasIndex("SourceId", "RecordId");
            citation.HasIndex("Certainty", "RecordId");
            citation.Codes(c => c.Certainty, CodeLists.Certainties);
            citation.Reference<Actor>(nameof(Citation.ClaimantId));
            citation.HasIndex("ClaimantId", "RecordId").HasFilter("claimant_id is not null");
            citation.HasIndex("Supports").HasMethod("gin").HasFilter("supports <> '{}'");
            citation.Property(c => c.Supports).HasDefaultValueSql("'{}'");
        });

    /// <summary>The key of figures, one record each: a second record of the same figure would double every total.</summary>
    public static void MapFigureKey<T>(this EntityTypeBuilder<T> record, Expression<Func<T, object?>> key)
        where T : Record
    {
        record.Property(key).UseCollation("C");
        record.HasIndex(key).IsUnique().HasDatabaseName(FigureKeyIndex(record.Metadata.GetTableName()!));
    }

    /// <summary>The name of the index that refuses a second record of one figure.</summary>
    public static string FigureKeyIndex(string table) => $"ux_{table}_figure_key";

    /// <summary>An ordered list inside a record: a table keyed by the record and the place in the list.</summary>
    public static void MapParts<T, TPart>(
        this EntityTypeBuilder<T> record,
        Expression<Func<T, IEnumerable<TPart>?>> parts,
        PartTable table,
        Action<OwnedNavigationBuilder<T, TPart>> map)
        where T : Record
        where TPart : class =>
        record.OwnsMany(parts, part =>
        {
            var owner = PropertyOf(table.Owner);
            part.ToTable(table.Name);
            part.WithOwner().HasForeignKey(owner);
            part.Property<int>("Ordinal").ValueGeneratedNever();
            part.HasKey(owner, "Ordinal");
            map(part);
        });

    public static void Reference<TTarget>(this EntityTypeBuilder record, string column)
        where TTarget : class =>
        record.HasOne(typeof(TTarget)).WithMany().HasForeignKey(column).OnDelete(DeleteBehavior.Restrict);

    public static void Reference<TTarget>(this OwnedNavigationBuilder part, string column)
        where TTarget : class =>
        part.HasOne(typeof(TTarget)).WithMany().HasForeignKey(column).OnDelete(DeleteBehavior.Restrict);

    /// <summary>A column with a code of a list. The database refuses other values.</summary>
    public static void Codes<T>(this EntityTypeBuilder<T> record, Expression<Func<T, object?>> column, CodeList codes)
        where T : class
    {
        var name = record.Property(column).Metadata.GetColumnName();
        record.ToTable(t => t.HasCheckConstraint($"ck_{record.Metadata.GetTableName()}_{name}", OneOf(name, codes)));
    }

    public static void Codes<T, TPart>(this OwnedNavigationBuilder<T, TPart> part, Expression<Func<TPart, object?>> column, CodeList codes)
        where T : class
        where TPart : class
    {
        var property = ((MemberExpression)(column.Body is UnaryExpression unary ? unary.Operand : column.Body)).Member.Name;
        var name = part.Property(property).Metadata.GetColumnName();
        part.ToTable(t => t.HasCheckConstraint($"ck_{part.OwnedEntityType.GetTableName()}_{name}", OneOf(name, codes)));
    }

    /// <summary>The property of a column: <c>event_id</c> is that of <c>EventId</c>.</summary>
    private static string PropertyOf(string column) =>
        string.Concat(column.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string OneOf(string column, CodeList codes) =>
        $"{column} in ({string.Join(", ", codes.Values.Select(v => short.TryParse(v, out _) ? v : $"'{v}'"))})";
}
