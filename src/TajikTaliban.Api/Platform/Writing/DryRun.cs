using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary><c>dryRun=true</c>: a write that is checked to its end, responds as it would, and writes nothing.</summary>
public static class DryRun
{
    public const string Parameter = "dryRun";
    public const string Header = "Dry-Run";

    private static readonly string[] Known = [Parameter];

    /// <summary>Reads the query of a write, which has no other parameter; refuses this one where the operation has no dry run.</summary>
    public static bool IsAsked(HttpContext http)
    {
        var isOffered = http.GetEndpoint()?.Metadata.GetOrderedMetadata<SharedParameter>().Contains(SharedParameter.DryRun) == true;
        var errors = new Errors();
        var query = QueryText.Read(http.Request, isOffered ? Known : [], [], errors);
        if (query[Parameter] is { } value and not ("true" or "false"))
            errors.Add($"/query/{Parameter}", Fault.NotOneOf(value, "true", "false"));
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        return query[Parameter] == "true";
    }
}
