namespace TajikTaliban.Api.Domain;

/// <summary>The common part of all records: an id that is never reused, a version that counts up from 1, and the instant
/// (UTC) at which this version was recorded.</summary>
public abstract class Record
{
    public required string Id { get; set; }

    public int Version { get; set; } = 1;

    /// <summary>The instant of the commit, by the ledger; default until it is known.</summary>
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>
    /// The record as it is served, as JSON. It is made once, when the record is written, so that a read passes it through.
    /// </summary>
    public string Document { get; set; } = "";

    /// <summary>The version of the document's shape, from 1: which fields it has and how they are written.</summary>
    public short Shape { get; set; } = 1;

    /// <summary>
    /// The edition of the document: a digest of its fields and of the code lists that its labels come from. 0 is of no edition.
    /// </summary>
    public int Edition { get; set; }

    /// <summary>The text that <c>q</c> looks in, folded by <see cref="Domain.SearchText"/>.</summary>
    public string SearchText { get; set; } = "";
}

/// <summary>A record with citations: all records except sources.</summary>
public abstract class CitedRecord : Record
{
    public List<Citation> Citations { get; init; } = [];
}

/// <summary>A source with the place in it (locator) and how sure it is (code list <c>certainties</c>).</summary>
public sealed class Citation
{
    /// <summary>Position among all citations of the record, from 0.</summary>
    public int Ordinal { get; set; }

    /// <summary>JSON Pointer of the part of the record that is cited (<c>/statuses/0</c>); null: the record as a whole.</summary>
    public string? Part { get; set; }

    public required string SourceId { get; set; }

    public string? Locator { get; set; }

    public required string Certainty { get; set; }

    /// <summary>For when the source vouches: an EDTF date or interval (ISO 8601-2, levels 0 and 1).</summary>
    public string? VouchedFor { get; set; }

    /// <summary>The interested party whose claim it is.</summary>
    public string? ClaimantId { get; set; }

    /// <summary>JSON Pointers of the parts that the citation supports; empty: the whole that it is a citation of.</summary>
    public List<string> Supports { get; init; } = [];

    public string? Note { get; set; }
}
