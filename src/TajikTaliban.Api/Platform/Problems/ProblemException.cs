using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Platform.Problems;

/// <summary>Ends a request with a problem.</summary>
public sealed class ProblemException : Exception
{
    private readonly Fault? _fault;

    public ProblemException(ProblemType type, string detail, IReadOnlyDictionary<string, IReadOnlyList<Fault>>? errors = null)
        : base(detail)
    {
        Type = type;
        Errors = errors;
    }

    public ProblemException(ProblemType type, string pointer, Fault fault)
        : this(type, fault.Message, new Dictionary<string, IReadOnlyList<Fault>> { [pointer] = [fault] })
    {
    }

    /// <summary>A problem of the whole request, or of the record that it names.</summary>
    public ProblemException(ProblemType type, Fault fault)
        : this(type, fault.Message) => _fault = fault;

    public ProblemType Type { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<Fault>>? Errors { get; }

    /// <summary>The problem as the error of one part of a larger request.</summary>
    public Fault Fault => _fault ?? (Errors is { Count: 1 } && Errors.First().Value is [var only] ? only
        : new Fault(FaultCode.Rejected, Message));

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

    public static ProblemException Query(string name, Fault fault) =>
        new(ProblemType.InvalidParameter, $"/query/{name}", fault);

    public static ProblemException Header(string name, Fault fault) =>
        new(ProblemType.InvalidParameter, $"/header/{name}", fault);
}
