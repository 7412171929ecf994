using System.Security.Cryptography;
using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Fairness;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Reports;

namespace TajikTaliban.Api.Features.Reports;

/// <summary>A report of an error in a record.</summary>
public sealed record CreateReportRequest
{
    /// <summary>The record. It may be deleted, or merged into another.</summary>
    public required ReportedRecordRequest Record { get; init; }

    /// <summary>The version that was read (default: the newest).</summary>
    public int? Version { get; init; }

    /// <summary>
    /// The field, as a JSON Pointer into the record: `/date`, `/participants/taliban:target` (default: the whole record).
    /// </summary>
    public string? Field { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Text { get; init; }

    /// <summary>An http or https address, or a citation, that shows it.</summary>
    public string? Evidence { get; init; }

    /// <summary>How to reach you, such as an e-mail address. Only keys of the roles editor and admin see it.</summary>
    public string? Contact { get; init; }
}

/// <summary>The record that a report is about.</summary>
public sealed record ReportedRecordRequest
{
    /// <summary>The resource of the record.</summary>
    [ResourceName]
    public required string Resource { get; init; }

    /// <summary>The id of the record, or an identifier (`iso3:TJK`).</summary>
    public required string Id { get; init; }
}

internal sealed class CreateReportValidator : AbstractValidator<CreateReportRequest>
{
    private const int MinText = 10;

    public CreateReportValidator(ResourceCatalogue catalogue)
    {
        RuleFor(r => r.Record).SetValidator(new ReportedRecordValidator(catalogue));
        RuleFor(r => r.Version).GreaterThanOrEqualTo(1).WithFault(Fault.OutOfRange("Versions begin with 1.", 1, null));
        RuleFor(r => r.Field).MaxLength(Limits.Pointer).Matches("^/").WithFault(Fault.NotAPointer)
            .Must((report, field) => UnknownOrNull(catalogue, report, field) is null)
            .WithFault((report, field) => UnknownOrNull(catalogue, report, field)!);
        RuleFor(r => r.Text).MinLength(MinText).Line(Limits.Summary);
        RuleFor(r => r.Evidence).Line(Limits.Url)
            .Must(e => e is null || !HttpAddress.LooksLikeOne(e)
                || (HttpAddress.IsHttp(e) && !HttpAddress.HasHiddenCharacters(e) && !HttpAddress.HasCredentials(e)))
            .WithFault(HttpAddress.NotOne);
        RuleFor(r => r.Contact).Line(Limits.Contact);
    }

    /// <summary>The fault of a pointer whose first step is no field of the resource. What it names below may have changed since.</summary>
    private static Fault? UnknownOrNull(ResourceCatalogue catalogue, CreateReportRequest report, string? field)
    {
        if (field is not ['/', ..] || catalogue.All.FirstOrDefault(r => r.Name == report.Record?.Resource) is not { } resource)
            return null;
        var first = JsonPointer.Unescape(field.Split('/')[1]);
        return resource.Fields.Contains(first) ? null : Fault.UnknownName(first, resource.Fields);
    }
}

internal sealed class ReportedRecordValidator : AbstractValidator<ReportedRecordRequest>
{
    public ReportedRecordValidator(ResourceCatalogue catalogue)
    {
        RuleFor(r => r.Resource).Must(name => name is null || catalogue.All.Any(r => r.Name == name))
            .WithFault((_, name) => catalogue.UnknownName(name));
        RuleFor(r => r.Id).Reference();
    }
}

/// <summary>POST of <c>/v1/reports</c>: of readers without a key, too.</summary>
internal static class CreateReport
{
    /// <summary>Nobody guesses an id of 144 bits.</summary>
    private const int IdBytes = 18;

    /// <summary>Closing a report takes an editor.</summary>
    private const int RetryAfterSeconds = 3600;

    private const string Turn = "reports";

    public static Task Handle(
        ReportDesk desk, CreateReportValidator validator, RateLimits limits, WriteCommand command, HttpContext http,
        CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        var isCounted = false;
        return command.RunAsync(http, WriteRequest.Valid(validator) with { IsAudited = false }, async (session, request) =>
        {
            var (own, now, options) = (desk.Within(session), session.Author.Now, desk.Options);
            var record = await own.ReportedAsync(session, request, cancellation);
            // one at a time: two at once would both see the last free place
            await session.TakeTurnAsync(Turn, cancellation);
            await own.Store.RemoveClosedAsync(now.AddDays(-options.KeptDays), cancellation);
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
            var content = new ReportContent(record, request.Field, request.Text, request.Evidence, request.Contact);
            if (!await own.Store.AddAsync(id, content, now, options.MaxOpen, cancellation))
            {
                throw new ProblemException(ProblemType.ReportsFull, "", new Fault(FaultCode.LimitReached,
                    $"{options.MaxOpen} reports are open, as many as the service keeps; send the report again later.",
                    ("max", options.MaxOpen)))
                { RetryAfter = RetryAfterSeconds };
            }

            // the transaction may run again
            if (!isCounted)
                limits.Spend(http, "reports", options.PerHour);
            isCounted = true;
            var path = $"/v1/reports/{id}";
            var response = ReportResponse.Of(await own.FindAsync(id, cancellation), own.Catalogue, ofEditors: false);
            return new WriteResponse(201, new Dictionary<string, string> { ["Location"] = path },
                JsonSerializer.SerializeToUtf8Bytes(response, ApiJson.Options));
        }, cancellation);
    }
}
