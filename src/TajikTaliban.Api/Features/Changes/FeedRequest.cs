using System.Globalization;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Changes;

/// <summary>The parameters of a feed request.</summary>
/// <param name="After">Where to begin.</param>
/// <param name="Pointer">The JSON Pointer of the parameter.</param>
/// <param name="Tables">The tables of the resources that are asked for; null is all.</param>
/// <param name="Limit">Maximum number of changes; null if not set.</param>
/// <param name="Wait">How long to wait for something.</param>
/// <param name="Format"><c>format</c> as it was sent.</param>
/// <param name="HasDifferences">Whether each change is compared with the version before it.</param>
/// <param name="Until">Where to end; null goes on with what is committed.</param>
/// <param name="IsNamed">Whether the events of a stream have their operations as names.</param>
/// <param name="IsFixed">Whether the changes in it can never change: a range between two states that never change.</param>
internal sealed record FeedRequest(
    Position After, string Pointer, IReadOnlyList<string>? Tables, int? Limit, TimeSpan Wait, string? Format,
    bool HasDifferences, bool IsNamed, Position? Until, bool IsFixed)
{
    /// <summary>The parameter with the end of a range.</summary>
    public const string Before = "before";

    /// <summary>What the request asks for.</summary>
    public FeedRange Range => new(After, Until);

    public const int MaxSeconds = 60;

    /// <summary>The parameter for the differences of each change.</summary>
    public const string Differences = "differences";

    /// <summary>The parameter for the names of events.</summary>
    public const string Named = "named";

    public static async Task<FeedRequest> ReadAsync(
        HttpRequest http, ResourceCatalogue catalogue, PositionReader positions, AsOfParameter moments, CancellationToken cancellation)
    {
        var errors = new Errors();
        var text = QueryText.Read(
            http, ["after", Before, "resource", "limit", "wait", Differences, Named, Edition.Parameter, RecordFormats.FormatParameter],
            ["resource"], errors);
        var limit = text.Limit(errors);
        var wait = 0;
        if (text["wait"] is { } seconds
            && (!int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out wait) || wait > MaxSeconds))
        {
            errors.Add("/query/wait", Fault.OutOfRange($"A whole number of seconds from 0 to {MaxSeconds}.", 0, MaxSeconds));
        }

        foreach (var name in (string[])[Differences, Named])
        {
            if (text[name] is not (null or "true" or "false"))
            {
                errors.Add($"/query/{name}", new Fault(FaultCode.UnknownValue, "Use true or false.",
                    ("value", text[name]), ("allowed", (string[])["true", "false"])));
            }
        }

        var tables = catalogue.ReadResources(text.List("resource"), errors);
        if (wait > 0 && text[Before] is not null)
        {
            errors.Add("/query/wait", Fault.Exclusive(
                $"A range has an end that does not move: leave out `{Before}` to wait for changes.", "wait", Before));
        }

        errors.ThrowIfAny(ProblemType.InvalidParameter);
        // a reconnected stream resumes after its last event, regardless of `after`
        var (after, pointer) = http.Headers["Last-Event-ID"] is [{ Length: > 0 } last]
            ? (last, "/header/Last-Event-ID") : (text["after"], "/query/after");
        // a position within a transaction is no state, but a place to go on from
        var isPosition = after is null || Position.TryParse(after, out _) || http.Headers.ContainsKey("Last-Event-ID");
        var moment = isPosition || after == AsOfParameter.Now ? null : await moments.FindAsync(after!, pointer, cancellation);
        var position = after is null ? Position.Start
            : moment is not null ? moment.AsOf.Position
            : after == AsOfParameter.Now ? await positions.NewestAsync(cancellation)
            : await Positions.ReadKnownAsync(after, pointer, positions, cancellation);
        var until = text[Before] is { } before ? await moments.FindAsync(before, $"/query/{Before}", cancellation) : null;
        if (until is not null && until.AsOf.Position.Number < position.Number)
        {
            throw new ProblemException(ProblemType.InvalidParameter, $"/query/{Before}",
                new Fault(FaultCode.EndsBeforeStart, $"The range ends ({until.AsOf.Position}) before it begins ({position}).",
                    ("from", position.ToString()), ("to", until.AsOf.Position.ToString())));
        }

        return new FeedRequest(position, pointer, tables, limit, TimeSpan.FromSeconds(wait),
            text[RecordFormats.FormatParameter], text[Differences] == "true", text[Named] == "true", until?.AsOf.Position,
            until is { IsFixed: true } && (isPosition || moment is { IsFixed: true }));
    }

    public bool Takes(Change change) => Tables is null || Tables.Contains(change.Table);
}
