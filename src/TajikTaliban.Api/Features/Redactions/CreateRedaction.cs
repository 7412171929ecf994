using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Features.Redactions;

/// <summary>Versions of a record whose content is to be removed.</summary>
public sealed record CreateRedactionRequest
{
    /// <summary>The resource.</summary>
    public required string Resource { get; init; }

    /// <summary>The id of the record.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The versions (default: all but the current one). The current version is refused: change or delete the record first.
    /// </summary>
    public IReadOnlyList<int>? Versions { get; init; }

    /// <summary>Why, in words. Everybody can read it.</summary>
    public required string Reason { get; init; }
}

/// <summary>Versions of a record whose content was removed.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Id">The id of the record.</param>
/// <param name="Versions">The versions, in ascending order.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Purge">Addresses that caches may hold for a year, beside those as of positions: purge them in shared caches, and the
/// same with each earlier `edition`.</param>
public sealed record CreatedRedactionResponse(
    string Resource, string Id, IReadOnlyList<int> Versions, string Reason, IReadOnlyList<string> Purge);

internal sealed class CreateRedactionValidator : AbstractValidator<CreateRedactionRequest>
{
    public CreateRedactionValidator(ResourceCatalogue catalogue)
    {
        RuleFor(r => r.Resource).Must(name => catalogue.All.Any(r => r.Name == name))
            .WithFault((_, name) => Fault.NotOneOf(name, catalogue.All.Select(r => r.Name))).When(r => r.Resource is not null);
        RuleFor(r => r.Id).Must(RecordId.IsValid).WithFault((_, id) => Fault.NotAnId(id)).When(r => r.Id is not null);
        RuleFor(r => r.Versions).MaxCount(RedactVersions.MaxVersions, "versions");
        RuleFor(r => r.Versions).Must(v => v!.Count > 0 && v.All(n => n > 0))
            .WithFault(new Fault(FaultCode.OutOfRange, $"Name 1 to {RedactVersions.MaxVersions} versions, each from 1.", ("min", 1)))
            .When(r => r.Versions is not null);
        RuleFor(r => r.Reason).NotEmpty().WithFault(Fault.Blank).MaxLength(Limits.Description).When(r => r.Reason is not null);
    }
}

/// <summary>POST of <c>/v1/redactions</c>.</summary>
internal static class CreateRedaction
{
    public static Task Handle(
        CreateRedactionValidator validator, ResourceCatalogue catalogue, WriteCommand command, HttpContext http,
        CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        return command.RunAsync(http, WriteRequest.Valid(validator), async (session, request) =>
        {
            var resource = catalogue.All.First(r => r.Name == request.Resource);
            var versions = await RedactVersions.RunAsync(
                session, new VersionsToRedact(resource, request.Id, request.Versions, request.Reason), cancellation);
            return new WriteResponse(200, new Dictionary<string, string>(),
                JsonSerializer.SerializeToUtf8Bytes(Response(resource, request, versions, catalogue.Edition), ApiJson.Options))
            {
                Detail = $"{resource.Name}/{request.Id}, versions {string.Join(", ", versions)}",
            };
        }, cancellation);
    }

    public static CreatedRedactionResponse Response(
        Resource resource, CreateRedactionRequest request, IReadOnlyList<int> versions, Edition edition) =>
        new(resource.Name, request.Id, versions, request.Reason,
            [.. versions.Select(v => ChangeJson.HrefOf(resource, request.Id, v, [], edition))]);
}
