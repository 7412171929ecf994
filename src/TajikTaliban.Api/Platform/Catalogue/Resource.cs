using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Platform.Catalogue;

/// <summary>A resource's declaration: names, types, lists, references, example, geometry. Each feature declares its own.</summary>
public abstract class Resource
{
    private HashSet<string>? _reservedIds;

    /// <summary>The last segment of the path of a resource's coverage.</summary>
    public const string AvailabilitySegment = "availability";

    /// <summary>
    /// Literal segments below the path of the resource in the service's own addresses. No record has one as its id, given or made.
    /// </summary>
    public IReadOnlySet<string> ReservedIds => _reservedIds ??= [AvailabilitySegment, "history", .. OwnSegments];

    /// <summary>The segments of addresses that this resource alone has.</summary>
    protected virtual IEnumerable<string> OwnSegments => [];

    /// <summary>As in the path: <c>actors</c>.</summary>
    public abstract string Name { get; }

    /// <summary>As in an operation's name: <c>Actor</c>.</summary>
    public abstract string Singular { get; }

    /// <summary>As in an operation's name: <c>Actors</c>.</summary>
    public abstract string Plural { get; }

    /// <summary>One record in a sentence: <c>TradeFigure</c> is "trade figure".</summary>
    public string Noun => Words(Singular);

    /// <summary>Several records in a sentence.</summary>
    public string Nouns => Words(Plural);

    /// <summary>A description of the records for the contract.</summary>
    public abstract string Description { get; }

    /// <summary>The tag of its operations in the contract.</summary>
    public virtual string Tag => char.ToUpperInvariant(Name[0]) + Name[1..];

    /// <summary>The description of the tag; null where another resource with the same tag describes it.</summary>
    public abstract string? TagDescription { get; }

    /// <summary>The example of the contract.</summary>
    public abstract ResourceExample Example { get; }

    public abstract ListDefinition List { get; }

    public string Table => List.Table;

    /// <summary>The fields with the record's point; null where records have no place.</summary>
    public virtual PointFields? Geometry => null;

    /// <summary>The kind of reference that names its records; null if no resource refers to it.</summary>
    public virtual ReferenceTarget? Target => null;

    /// <summary>Whether a record may be merged into another; a request for the old id then reads the survivor, and writes are
    /// refused.</summary>
    public bool IsMergeable => Target?.IsMergeable == true;

    /// <summary>Whether an identifier (<c>scheme:value</c>) is accepted in place of an id.</summary>
    public bool HasIdentifiers => Target?.Identifiers is not null;

    /// <summary>Whether a text that names a record of this resource is meant as an identifier rather than as an id.</summary>
    public bool TakesAsIdentifier(string text) => HasIdentifiers && ActorIdentifier.LooksLikeIdentifier(text);

    public abstract Type RequestType { get; }

    public abstract Type ResponseType { get; }

    /// <summary>The fields of a record, in the order in which they are served.</summary>
    public abstract IReadOnlyList<string> Fields { get; }

    /// <summary>The path below <c>/v1</c>; that of a part has a route value for its parent.</summary>
    public virtual string Route => $"/{Name}";

    /// <summary>The paths of the fields that a facet counts, such as <c>statuses.status</c>.</summary>
    public virtual IReadOnlyList<string> FacetPaths(string facet) => [facet];

    /// <summary>The path of one record. Only parts of a parent read <paramref name="json"/>: their path contains the parent's id.</summary>
    public virtual string PathOf(string id, ReadOnlySpan<byte> json) => $"/v1/{Name}/{id}";

    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));
}

/// <summary>A resource of records that are written as <typeparamref name="TRequest"/> and served as <typeparamref
/// name="TResponse"/>.</summary>
public abstract class Resource<TRequest, TResponse> : Resource
    where TRequest : class, IRecordRequest
    where TResponse : class
{
    private static readonly IReadOnlyList<string> ResponseFields = [
        .. ApiJson.Options.GetTypeInfo(typeof(TResponse)).Properties.Select(p => p.Name)];

    public override Type RequestType => typeof(TRequest);

    public override Type ResponseType => typeof(TResponse);

    public override IReadOnlyList<string> Fields => ResponseFields;
}

/// <summary>The body of a POST or PUT.</summary>
public interface IRecordRequest
{
    string? Id { get; }
}
