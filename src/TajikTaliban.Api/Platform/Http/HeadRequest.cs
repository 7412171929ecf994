namespace TajikTaliban.Api.Platform.Http;

/// <summary>HEAD is served as GET without the body. Responses that wait or have no end check for it.</summary>
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
