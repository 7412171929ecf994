using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Reports;

namespace TajikTaliban.Api.Features.Reports;

/// <summary>A change of a report; absent fields keep their values.</summary>
public sealed record ChangeReportRequest
{
    /// <summary>The state: `accepted` and `rejected` close the report, `open` opens it again.</summary>
    [Values("ReportState", "The state of a report of an error.", ReportState.Open, ReportState.Accepted, ReportState.Rejected)]
    public string? State { get; init; }

    /// <summary>The answer to the reader, which whoever knows the id can read; null removes it.</summary>
    public string? Answer { get; init; }
}

internal sealed class ChangeReportValidator : AbstractValidator<ChangeReportRequest>
{
    public ChangeReportValidator()
    {
        RuleFor(r => r.State).Must(state => state is null || ReportState.All.Contains(state))
            .WithFault((_, state) => Fault.NotOneOf(state, ReportState.All));
        RuleFor(r => r.Answer).Line(Limits.Summary);
    }
}

/// <summary>PATCH of one report: a merge patch (RFC 7396).</summary>
internal static class ChangeReport
{
    public const string MergePatch = "application/merge-patch+json";
    private static readonly WriteRequest<JsonElement> Request = WriteRequest.Json([MergePatch, "application/json"], allowDoubled: true);

    public static Task Handle(
        string id, ReportDesk desk, ChangeReportValidator validator, WriteCommand command, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        return command.RunAsync(http, Request, async (session, patch) =>
        {
            var own = desk.Within(session);
            var report = await own.Store.LockOrNullAsync(id, cancellation) ?? throw ReportDesk.NotFound(id);
            var request = await ValidBody.ReadAsync(patch, validator, errors =>
            {
                if (patch.TryGetProperty("state", out var state) && state.ValueKind == JsonValueKind.Null)
                    errors.Add("/state", Fault.NullNotAllowed);
            }, cancellation);
            var answer = patch.TryGetProperty("answer", out JsonElement _) ? request.Answer : report.Answer;
            var author = session.Author;
            await own.Store.CloseAsync(id, request.State ?? report.State, answer, (author.Now, author.Key), cancellation);
            var response = ReportResponse.Of(await own.FindAsync(id, cancellation), own.Catalogue, ofEditors: true);
            return new WriteResponse(
                200, new Dictionary<string, string>(), JsonSerializer.SerializeToUtf8Bytes(response, ApiJson.Options))
            {
                Detail = $"{response.State}, {response.Record.Resource}/{response.Record.Id}",
            };
        }, cancellation);
    }
}
