using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Querying;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// The names of schemas, which generated clients use as type names: <c>Actor</c> for responses, <c>ActorRequest</c> for bodies,
/// <c>ActorPatch</c> for merge patches, <c>ActorList</c> for pages.
/// </summary>
internal sealed class SchemaNames(ResourceCatalogue resources)
{
    private const string Request = "Request";
    private const string Response = "Response";

    /// <summary>Names that the languages of clients have themselves, or that say nothing there.</summary>
    private static readonly Dictionary<string, string> Taken = new(StringComparer.Ordinal)
    {
        ["Event"] = "EventRecord",
        ["Index"] = "ServiceIndex",
        ["Version"] = "RecordVersion",
    };

    public string Of(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ListResponse<>))
            return ListOf(resources.All.First(r => r.ResponseType == type.GenericTypeArguments[0]));
        foreach (var resource in resources.All)
        {
            if (type == resource.ResponseType)
                return Of(resource);
            else if (type == resource.RequestType)
                return resource.Singular + Request;
        }

        var name = type.Name.EndsWith(Response, StringComparison.Ordinal) ? type.Name[..^Response.Length] : type.Name;
        return Taken.GetValueOrDefault(name, name);
    }

    /// <summary>The schema of a record.</summary>
    public static string Of(Resource resource) => Taken.GetValueOrDefault(resource.Singular, resource.Singular);

    /// <summary>The schema of a record with the records that it refers to.</summary>
    public static string ExpandableOf(Resource resource) => resource.Singular + "WithExpanded";

    public static string ListOf(Resource resource) => resource.Singular + "List";

    public static string PatchOf(string request) =>
        (request.EndsWith(Request, StringComparison.Ordinal) ? request[..^Request.Length] : request) + "Patch";

    public static bool IsRequest(Type type) => type.Name.EndsWith(Request, StringComparison.Ordinal);

    /// <summary>The request type of a response type; null if there is none.</summary>
    public static Type? RequestOfOrNull(Type response) => response.Name.EndsWith(Response, StringComparison.Ordinal)
        ? response.Assembly.GetType(response.FullName![..^Response.Length] + Request)
        : null;
}
