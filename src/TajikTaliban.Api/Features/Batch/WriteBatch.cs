using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Deadlines;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Features.Batch;

/// <summary>The outcome of a line.</summary>
/// <param name="Line">Its number, from 1; empty lines count.</param>
/// <param name="Outcome">`created`, `changed`, `unchanged` or `deleted`.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Id">The record's id, also where the line gave none.</param>
/// <param name="Version">The version that the record is at now.</param>
public sealed record BatchLineResponse(int Line, string Outcome, string Resource, string Id, int Version);

/// <summary>The outcomes of a committed batch. Its position is in the `Position` header.</summary>
/// <param name="Created">How many records were created.</param>
/// <param name="Changed">How many were changed.</param>
/// <param name="Unchanged">How many were so already.</param>
/// <param name="Deleted">How many were deleted.</param>
/// <param name="Lines">The outcome of each line, in the order of the lines.</param>
public sealed record BatchResponse(int Created, int Changed, int Unchanged, int Deleted, IReadOnlyList<BatchLineResponse> Lines);

/// <summary>POST of <c>/v1/batch</c>: the changes of all lines in one transaction.</summary>
internal static class WriteBatch
{
    public static Task Handle(ResourceCatalogue catalogue, RecordBatch batch, WriteCommand command, HttpContext http,
        CancellationToken cancellation)
    {
        Deadline.ExtendForBatch(http);
        var request = new WriteRequest<IReadOnlyList<RecordChange>>(async (context, stop) =>
        {
            var lines = new BatchLines(context, catalogue);
            return new RequestBody<IReadOnlyList<RecordChange>>(await lines.ReadAsync(stop).ToListAsync(stop), lines.Digest, lines);
        })
        { Limits = WriteLimits.OfBatches };
        return command.RunAsync(http, request, async (session, changes) =>
        {
            try
            {
                var outcomes = await batch.WriteAsync(session, changes, null, cancellation);
                var response = Response(outcomes);
                return new WriteResponse(
                    200, new Dictionary<string, string>(), JsonSerializer.SerializeToUtf8Bytes(response, ApiJson.Options))
                {
                    Detail = $"created {response.Created}, changed {response.Changed}, unchanged {response.Unchanged}, "
                        + $"deleted {response.Deleted}",
                };
            }
            catch (BatchRefusedException e)
            {
                throw Problem(e.Faults);
            }
        }, cancellation);
    }

    private static BatchResponse Response(IReadOnlyList<ChangeOutcome> outcomes)
    {
        int Count(WriteOutcome outcome) => outcomes.Count(o => o.Outcome == outcome);
        return new BatchResponse(
            Count(WriteOutcome.Created), Count(WriteOutcome.Changed), Count(WriteOutcome.Unchanged), Count(WriteOutcome.Deleted),
            [.. outcomes.Select(o => new BatchLineResponse(
                o.Change.Source.Number, o.Outcome.ToString().ToLowerInvariant(), o.Change.Resource.Name, o.Id, o.Version))]);
    }

    /// <summary>The faults of all lines; of their common type, if that has a status of its own.</summary>
    private static ProblemException Problem(IReadOnlyList<ChangeFault> faults)
    {
        var errors = new Errors();
        foreach (var fault in faults)
            Add(fault, errors);
        var type = faults.Select(f => f.Problem.Type).Distinct().Count() == 1 ? faults[0].Problem.Type : ProblemType.InvalidRecord;
        var lines = faults.Count switch
        {
            1 => "One line has",
            RecordBatch.MaxFaults => $"{faults.Count} lines or more have",
            _ => $"{faults.Count} lines have",
        };
        return new ProblemException(
            type.Status is 404 or 409 or 410 or 412 ? type : ProblemType.InvalidRecord, $"{lines} errors; nothing was written.",
            errors.All)
        {
            // of the record that all lines named, if it is one
            MergedInto = faults.Select(f => f.Problem.MergedInto).Distinct().Count() == 1 ? faults[0].Problem.MergedInto : null,
        };
    }

    /// <summary>Adds the faults of a line, by its number: <c>/lines/12/record/name</c>.</summary>
    private static void Add(ChangeFault fault, Errors errors)
    {
        var (change, problem) = fault;
        var at = $"/{change.Source.Name}/{change.Source.Number}";
        if (problem.Errors is null)
        {
            errors.Add(at, problem.Fault);
            return;
        }

        foreach (var (pointer, found) in problem.Errors)
        {
            var place = pointer switch
            {
                "/header/If-Match" or "/header/If-None-Match" => "/version",
                "/path/id" => "/id",
                _ when problem.Type == ProblemType.StillReferenced => pointer,
                _ => $"/record{pointer}",
            };
            foreach (var one in found)
                errors.Add(at + place, one);
        }
    }
}
