namespace TajikTaliban.Api.Platform.Problems;

/// <summary>Ends a request with a problem.</summary>
public sealed class ProblemException : Exception
{
    public ProblemException(ProblemType type, string detail, IReadOnlyDictionary<string, IReadOnlyList<string>>? errors = null)
        : base(detail)
    {
        Type = type;
        Errors = errors;
    }

    public ProblemException(ProblemType type, string pointer, string message)
        : this(type, message, new Dictionary<string, IReadOnlyList<string>> { [pointer] = [message] })
    {
    }

    public ProblemType Type { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; }

    public IReadOnlyList<RecordLink>? ReferencedBy { get; init; }

    public long? ReferencedByTotal { get; init; }

    public string? MergedInto { get; init; }

    public TombstoneResponse? Tombstone { get; init; }

    /// <summary>True after an error of the database, which ends its transaction.</summary>
    public bool IsOfDatabase { get; init; }

    /// <summary>True if another transaction took the id of a new record.</summary>
    public bool IsIdTaken { get; init; }

    public string? Restart { get; init; }

    public string? Archive { get; init; }

    /// <summary>Seconds after which to retry; null: none, or as of the type.</summary>
    public int? RetryAfter { get; init; }

    public string? Location { get; init; }

    /// <summary>The same problem with another <c>Location</c>.</summary>
    public ProblemException WithLocation(string location) =>
        new(Type, Message, Errors) { Tombstone = Tombstone, MergedInto = MergedInto, Location = location };

    public static ProblemException Query(string name, string message) =>
        new(ProblemType.InvalidParameter, $"/query/{name}", message);

    public static ProblemException Header(string name, string message) =>
        new(ProblemType.InvalidParameter, $"/header/{name}", message);
}
