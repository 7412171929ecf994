using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Platform.Ledger;

/// <summary>The as-of point of a request, and whether the records as of it can never change.</summary>
public sealed record Moment(AsOf AsOf, bool IsFixed);

/// <summary>Reads <c>asOf</c>: a position, an instant or a release.</summary>
public sealed class AsOfParameter(PositionReader positions, ReleaseReader releases)
{
    public const string Name = "asOf";
    public const string Description =
        "Return the records as of a position (`1042-5f0c2b9a`), an instant with offset (`2026-11-23T10:00:00Z`), a release (its id), or "
        + "`latest` (the release with the highest position). For an instant: all changes committed by then; a version's "
        + "`recordedAt` is the instant of its commit. Combine with `validAt` for bitemporal queries: `asOf` selects by recording, "
        + "`validAt` by validity.";

    /// <summary>The name of the release with the highest position.</summary>
    public const string LatestRelease = "latest";

    /// <summary>The name of the newest position, where a request compares with it or begins after it.</summary>
    public const string Now = "now";

    private const string Pointer = "/query/asOf";

    public async Task<Moment?> ReadAsync(string? text, CancellationToken cancellation) =>
        text is null ? null : await FindAsync(text, Pointer, cancellation);

    /// <summary>The state that another parameter names in the same ways.</summary>
    /// <param name="text">A position, an instant, the id of a release, or <c>latest</c>.</param>
    /// <param name="pointer">The JSON Pointer of the parameter.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<Moment> FindAsync(string text, string pointer, CancellationToken cancellation)
    {
        if (Position.TryParse(text, out var position))
        {
            if (await positions.AsOfAsync(position.Whole, cancellation) is { } known)
                return new Moment(known, true);
            // throws the problem of the position
            await Positions.ReadKnownAsync(text, pointer, positions, cancellation);
            throw Positions.Gone(position, pointer);
        }

        if (InstantText.TryParse(text, out var instant))
        {
            // the ledger is stamped by the database's clock, so this is of the world's time and not of the service's
            return instant > TimeProvider.System.GetUtcNow().AddDays(1)
                ? throw new ProblemException(ProblemType.InvalidParameter, pointer,
                    new Fault(FaultCode.InFuture, "The instant is in the future."))
                : new Moment(await positions.AsOfAsync(instant.UtcDateTime, cancellation), false);
        }

        var release = text == LatestRelease ? await releases.LatestOrNullAsync(cancellation)
            : RecordId.IsValid(text) ? await releases.FindOrNullAsync(text, cancellation) : null;
        if (release is not null)
            return new Moment((await positions.AsOfAsync(release.Position, cancellation))!, text != LatestRelease);
        if (text == LatestRelease)
        {
            throw new ProblemException(ProblemType.InvalidParameter, pointer,
                new Fault(FaultCode.NotAState, "No release exists yet, so that none is the latest; use a position or an instant.",
                    ("value", text)));
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", out _))
        {
            throw new ProblemException(ProblemType.InvalidParameter, pointer,
                new Fault(FaultCode.NotAState, $"'{text}' is a date; use an instant with its offset, such as {text}T10:00:00Z.",
                    ("value", text)));
        }

        var near = Suggest.Nearest(text, (await releases.AllAsync(cancellation)).Select(r => r.Id));
        throw new ProblemException(ProblemType.InvalidParameter, pointer, new Fault(FaultCode.NotAState,
            $"'{text}' is neither a position (1042-5f0c2b9a), nor an instant with its offset (2026-11-23T10:00:00Z), nor a "
            + $"release.{(near is null ? "" : $" Did you mean the release '{near}'?")}",
            ("value", text), ("nearest", near)));
    }
}
