namespace TajikTaliban.Api.Platform.Ledger;

/// <summary>
/// <c>Last-Modified</c>, which has whole seconds: it is the second after the change, and a response has one only when the change is older
/// than <see cref="MinAge"/>. A later change then has a later date, even if the clocks of the service and the database differ or a commit
/// takes long, so that <c>If-Modified-Since</c> never finds a copy current that is not. A younger response has its <c>ETag</c>.
/// </summary>
internal static class LastModified
{
    private static readonly TimeSpan MinAge = TimeSpan.FromMinutes(1);

    public static DateTime Now(HttpContext http) => http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;

    /// <summary>The date of a change; null while it is too young to have one.</summary>
    public static DateTime? DateOrNull(DateTime change, DateTime now) =>
        now - change < MinAge ? null : change.AddTicks(TimeSpan.TicksPerSecond - (change.Ticks % TimeSpan.TicksPerSecond));
}
