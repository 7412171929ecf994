using System.Text;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Records;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Platform.Ledger;

/// <summary>
/// The header <c>Position</c> of every response: the minimum ledger position it reflects, or the position of a write. A request with
/// that value in <c>Min-Position</c> reads its own writes, also from a standby.
/// </summary>
public static class Positions
{
    public const string Header = "Position";
    public const string MinHeader = "Min-Position";
    private const int MaxNote = 2000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    public static void UsePositions(this WebApplication app)
    {
        var tail = app.Services.GetRequiredService<LedgerTail>();
        var positions = app.Services.GetRequiredService<PositionReader>();
        app.Use((http, next) =>
        {
            Set(http, tail.Newest.EndText);
            // the exception handler clears the headers, and a problem states its position too
            http.Response.OnStarting(static state =>
            {
                var (http, tail) = ((HttpContext, LedgerTail))state;
                if (http.Response.Headers[Header].Count == 0)
                    http.Response.Headers[Header] = tail.Newest.EndText;
                return Task.CompletedTask;
            }, (http, tail));
            return http.Request.Headers.ContainsKey(MinHeader) ? WaitAsync(http, next, positions) : next(http);
        });
    }

    /// <summary>States the position that a response reflects.</summary>
    public static void Set(HttpContext http, string position) => http.Response.Headers[Header] = position;

    public static Position Read(string text, string pointer) =>
        Position.TryParse(text, out var position) ? position
        : throw new ProblemException(ProblemType.InvalidParameter, pointer, Fault.NotAPosition(text));

    /// <summary>Reads the position in a request; it must be in this history.</summary>
    public static async Task<Position> ReadKnownAsync(string text, string pointer, PositionReader positions, CancellationToken cancellation)
    {
        var position = Read(text, pointer);
        return await positions.FindAsync(position, cancellation) switch
        {
            PositionState.Known => position,
            PositionState.NotYet => throw NotYet(pointer),
            _ => throw Gone(position, pointer),
        };
    }

    public static ProblemException Gone(Position position, string pointer) =>
        new(ProblemType.PositionGone, pointer,
            new Fault(FaultCode.PositionGone,
                $"The position {position} is not in this history: it is from another service or mistyped, or the database was restored "
                + "from an earlier backup. Start again from /v1/snapshot and replace your copy with it.",
                ("position", position.ToString())))
        { Restart = "/v1/snapshot" };

    public static ProblemException Archived(ArchivedException archived, string pointer) =>
        new(ProblemType.Archived, pointer,
            new Fault(FaultCode.Archived,
                $"Changes after this position are in the archive {archived.Archive}. Read it and go on with after={archived.Last}; or "
                + "start again from /v1/snapshot and replace your copy with it.",
                ("archive", archived.Archive), ("position", archived.Last.ToString())))
        { Archive = archived.Archive, Restart = "/v1/snapshot" };

    /// <summary>The author and reason of a change.</summary>
    public static Author AuthorOf(HttpContext http, DateTimeOffset now)
    {
        var headers = http.Request.Headers;
        var cause = headers["Change-Cause"] is [{ } given] ? given : null;
        if (headers["Change-Cause"].Count > 1)
            throw ProblemException.Header("Change-Cause", new Fault(FaultCode.Repeated, "Send Change-Cause at most once."));
        var note = ChangeNote.ReadOrNull(http.Request);
        if (WhatIsWrongWithCause(cause) is { } wrong)
            throw ProblemException.Header("Change-Cause", wrong);
        if (WhatIsWrongWithNote(note) is { } fault)
            throw ProblemException.Header("Change-Note", fault);
        return new Author(now, http.User.Identity?.Name, cause, note);
    }

    public static Fault? WhatIsWrongWithCause(string? cause) =>
        cause is null || Lists.ChangeCauses.Contains(cause) ? null : Fault.UnknownCodeAmong(Lists.ChangeCauses, cause);

    public static Fault? WhatIsWrongWithNote(string? note)
    {
        const string Form = "A note must have 1 to 2000 characters and no control characters.";
        return note is null ? null
            : note.Length == 0 ? new Fault(FaultCode.Blank, Form)
            : note.Length > MaxNote ? new Fault(FaultCode.TooLong, Form, ("max", MaxNote))
            : note.EnumerateRunes().Any(r => Rune.IsControl(r) || r == Rune.ReplacementChar)
                ? new Fault(FaultCode.ControlCharacter, Form) : null;
    }

    private static ProblemException NotYet(string pointer) =>
        new(ProblemType.Unavailable, pointer, new Fault(FaultCode.PositionAhead, "This database is behind the position; retry."));

    private static async Task WaitAsync(HttpContext http, RequestDelegate next, PositionReader positions)
    {
        var position = Read(http.Request.Headers[MinHeader].ToString(), $"/header/{MinHeader}");
        for (var waited = TimeSpan.Zero; ; waited += PollInterval)
        {
            var state = await positions.FindAsync(position, http.RequestAborted);
            if (state == PositionState.Gone)
                throw Gone(position, $"/header/{MinHeader}");
            if (state == PositionState.Known)
                break;
            if (waited >= Timeout)
                throw NotYet($"/header/{MinHeader}");
            await Task.Delay(PollInterval, http.RequestAborted);
        }

        await next(http);
    }
}
