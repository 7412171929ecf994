using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Releases;

/// <summary>A new release.</summary>
public sealed record CreateReleaseRequest
{
    /// <summary>A stable slug, such as `2026-11`.</summary>
    public required string Id { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>Notes for users.</summary>
    public string? Notes { get; init; }

    /// <summary>The position that the release names (default: the newest).</summary>
    public string? Position { get; init; }
}

internal sealed class CreateReleaseValidator : AbstractValidator<CreateReleaseRequest>
{
    public CreateReleaseValidator()
    {
        RuleFor(r => r.Id).Must(id => RecordId.IsValid(id) && id is not (AsOfParameter.LatestRelease or AsOfParameter.Now))
            .WithFault((_, id) => RecordId.IsValid(id)
                ? new Fault(FaultCode.Reserved, "`latest` and `now` are reserved.", ("value", id)) : Fault.NotAnId(id))
            .When(r => r.Id is not null);
        RuleFor(r => r.Id).Must(id => !Domain.Position.TryParse(id, out _))
            .WithFault((_, id) => new Fault(
                FaultCode.Reserved, "The id has the form of a position, which `asOf` accepts too; use another id.", ("value", id)))
            .When(r => r.Id is not null);
        RuleFor(r => r.Title).NotEmpty().WithFault(Fault.Blank).MaxLength(Limits.Title).When(r => r.Title is not null);
        RuleFor(r => r.Notes).MaxLength(Limits.Description);
    }
}

internal static class CreateRelease
{
    private static readonly WriteRequest<CreateReleaseRequest> Request = WriteRequest.Valid(new CreateReleaseValidator());

    public static Task Handle(PositionReader positions, WriteCommand command, HttpContext http, CancellationToken cancellation) =>
        command.RunAsync(http, Request, async (session, request) =>
        {
            var own = positions.Within(session.Connection);
            var position = request.Position is null ? await own.NewestAsync(cancellation)
                : await Positions.ReadKnownAsync(request.Position, "/position", own, cancellation);
            if (position.Number == 0)
            {
                throw new ProblemException(ProblemType.InvalidRecord, "/position",
                    new Fault(FaultCode.NothingToDo, "The ledger is empty; record a change first."));
            }

            var author = session.Author;
            var release = new NewRelease(request.Id, position.Number, request.Title, request.Notes, author.Key, author.Now);
            if (!await ReleaseReader.AddAsync(session.Connection, release, cancellation))
            {
                throw new ProblemException(ProblemType.Conflict, "/id", new Fault(FaultCode.Taken,
                    $"The release '{request.Id}' exists already (/v1/releases/{request.Id}); releases are never changed.",
                    ("value", request.Id), ("id", request.Id), ("href", $"/v1/releases/{request.Id}")));
            }

            var committedAt = (await own.AsOfAsync(position.Whole, cancellation))!.CommittedAt!.Value;
            var made = new Release(request.Id, position.Whole, committedAt, request.Title, request.Notes, author.Now.UtcDateTime);
            var path = $"/v1/releases/{made.Id}";
            return new WriteResponse(201, new Dictionary<string, string> { ["Location"] = path, ["Content-Location"] = path },
                JsonSerializer.SerializeToUtf8Bytes(ReleaseResponse.Of(made), ApiJson.Options));
        }, cancellation);
}
