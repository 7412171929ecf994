using Microsoft.Extensions.Options;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Reports;

namespace TajikTaliban.Api.Features.Reports;

/// <summary>Reports of readers about errors in records. Decision 0058.</summary>
internal static class ReportRoutes
{
    private const string Tag = "Reports";
    private const string Json = "application/json";
    private const int MaxRecord = 200;

    /// <summary>More than other writes: a network without a key may try sixty times a minute.</summary>
    private static readonly WorkOf Sending = new(Lane.Writes, 100);

    public static void AddReports(this IServiceCollection services)
    {
        services.AddOptions<ReportSettings>().BindConfiguration(ReportSettings.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ReportSettings>, ReportSettings>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ReportSettings>>().Value.ToOptions());
        services.AddSingleton<ReportStore>();
        services.AddSingleton<ReportDesk>();
        services.AddSingleton<CreateReportValidator>();
        services.AddSingleton<ChangeReportValidator>();
    }

    public static void MapReports(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/reports").WithTags(Tag)
            .WithMetadata(new TagText(Tag, "Errors in records that readers have found, and what became of them."))
            .ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        group.MapGet("/", ListReports.Handle).WithName("listReports").WithSummary("List reports of errors, newest first")
            .WithDescription("With what the readers wrote, and how to reach them.")
            .WithMetadata(
                new QueryParameter("state", "Return reports of this state.",
                    ParameterShape.One("ReportState", "The state of a report of an error.", ReportState.All)),
                new QueryParameter(ListReports.Record,
                    "Return reports about this record, as its resource and id: `events/ID`, `actors/iso3:TJK`.",
                    ParameterShape.Text(MaxRecord)),
                new QueryParameter("limit", "Reports per page.", ParameterShape.Number(1, ListRequest.MaxLimit, ListRequest.DefaultLimit)),
                new QueryParameter("cursor", "Start of the page. Take it from `next` unchanged.",
                    ParameterShape.Text(QueryText.MaxValueLength)),
                new ResponseText(200, "Reports, newest first."), new ResponseExample(200, ReportExamples.All))
            .RequireAuthorization(Roles.Editor)
            .Produces<ReportsResponse>().ProducesProblem(401).ProducesProblem(403);
        group.MapPost("/", CreateReport.Handle).WithName("createReport").WithSummary("Report an error in a record")
            .WithDescription(
                "No key is needed. Keep the address in `Location`: it gives the state of the report, and the answer of an editor. Only "
                + "keys of the roles editor and admin see the `text`, `evidence` and `contact`. The service keeps no network address of "
                + "who sends a report. A network may send 10 reports an hour if the service is not configured otherwise (429), and when "
                + "too many are open the response is 503 `reports-full`. Pages of other origins may send reports if the service is "
                + "configured with the origin (403).")
            .WithMetadata(Sending, SharedParameter.IdempotencyKey, new RequestExample(ReportExamples.CreateRequest),
                new ResponseText(201, "The report, open."), new ResponseExample(201, ReportExamples.Created))
            .Accepts<CreateReportRequest>(Json).Produces<ReportResponse>(201)
            .ProducesProblem(403).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        MapOne(group.MapGroup("/{id}")
            .WithMetadata(new PathParameter("id", "The id of the report.", ParameterShape.Text(), ReportExamples.Id)));
    }

    private static void MapOne(RouteGroupBuilder one)
    {
        one.MapGet("", GetReport.Handle).WithName("getReport").WithSummary("Get a report of an error")
            .WithDescription(
                "No key is needed: whoever knows the id sees the state and the answer. What the reader wrote is only for keys of the roles "
                + "editor and admin.")
            .WithMetadata(new ResponseText(200, "The report."), new ResponseExample(200, ReportExamples.One))
            .Produces<ReportResponse>().ProducesProblem(404);
        one.MapPatch("", ChangeReport.Handle).WithName("changeReport").WithMetadata(SharedParameter.IdempotencyKey)
            .WithSummary("Accept or reject a report of an error")
            .WithDescription(
                "A merge patch (RFC 7396) of `state` and `answer`. It changes no record: correct the record first, with the cause "
                + "`our-error`. Closed reports are removed after some time (180 days if the service is not configured otherwise).")
            .WithMetadata(new RequestExample(ReportExamples.ChangeRequest), new ResponseText(200, "The changed report."),
                new ResponseExample(200, ReportExamples.Changed))
            .RequireAuthorization(Roles.Editor).Accepts<ChangeReportRequest>(ChangeReport.MergePatch, Json).Produces<ReportResponse>()
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
    }
}
