using System.Net;
using TajikTaliban.Api.IntegrationTests.Platform;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Problems;
using static TajikTaliban.Api.IntegrationTests.Reports.ReportApiFixture;

namespace TajikTaliban.Api.IntegrationTests.Reports;

/// <summary>The table of reports is bounded: open ones by their number, closed ones by their age.</summary>
public sealed class ReportCapTests(TwoReportsApiFixture api) : IClassFixture<TwoReportsApiFixture>
{
    [Fact]
    public async Task No_more_are_open_than_the_service_keeps_and_closed_ones_are_removed_after_their_time()
    {
        // of many at once as of one after another
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => api.SendAsync(null, Report("alpha"))));

        Assert.Equal(2, answers.Count(a => a.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a =>
        {
            HttpTests.AssertProblem(a, ProblemType.ReportsFull);
            Assert.Equal(TimeSpan.FromHours(1), a.Response.Headers.RetryAfter!.Delta);
            var error = a.Body!["errors"]![""]![0]!;
            Assert.Equal(("limit-reached", 2), ((string?)error["code"], (int)error["data"]!["max"]!));
        });

        // a closed one makes room, and stays to be looked up
        var open = answers.Where(a => a.Status == HttpStatusCode.Created).Select(a => a.Response.Headers.Location!.ToString()).ToList();
        await api.CloseAsync(open[0], "rejected");
        api.Time.Advance(TimeSpan.FromDays(29));
        await api.AddAsync(Report("beta"));
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync(open[0])).Status);

        await api.CloseAsync(open[1]);
        api.Time.Advance(TimeSpan.FromDays(2));
        await api.AddAsync(Report("beta"));
        HttpTests.AssertProblem(await api.Reader.GetJsonAsync(open[0]), ProblemType.NotFound);
        Assert.Equal(["open", "open", "accepted"], (await api.Editor.WalkAsync("/v1/reports")).Select(r => (string)r["state"]!));
    }
}
