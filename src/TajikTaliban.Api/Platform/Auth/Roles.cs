namespace TajikTaliban.Api.Platform.Auth;

/// <summary>The roles of keys, in ascending order: each includes the permissions of the roles before it. Reading needs no key.</summary>
public static class Roles
{
    public const string Reader = "reader";
    public const string Editor = "editor";
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [Reader, Editor, Admin];

    public static bool Includes(string role, string needed)
    {
        var (has, wants) = (All.ToList().IndexOf(role), All.ToList().IndexOf(needed));
        return has >= 0 && has >= wants;
    }
}
