namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>What Swagger UI lacks: names of its controls for screen readers, contrast, a place for narrow screens.</summary>
internal static class ReferencePage
{
    /// <summary>The style and the script in the head of the page: <c>reference.css</c> and <c>reference.js</c> beside this file.</summary>
    public static string Head { get; } = $"<style>{Read("reference.css")}</style><script>{Read("reference.js")}</script>";

    private static string Read(string name)
    {
        using var file = typeof(ReferencePage).Assembly.GetManifestResourceStream(typeof(ReferencePage), name)!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
