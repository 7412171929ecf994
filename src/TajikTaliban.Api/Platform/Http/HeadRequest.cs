namespace TajikTaliban.Api.Platform.Http;

/// <summary>HEAD is served as GET, and the server itself keeps the body back. What waits, or has no end, asks whether anybody reads
/// it.</summary>
internal static class HeadRequest
{
    private static readonly object Key = new();

    public static void ServeAsGet(HttpContext http)
    {
        http.Request.Method = HttpMethods.Get;
        http.Items[Key] = true;
    }

    public static bool Is(HttpContext http) => http.Items.ContainsKey(Key);
}
