namespace TajikTaliban.Client;

/// <summary>Delays of 0.25, 0.5, 1, 2 … at most 30 seconds, each up to a half longer, so that clients do not all return at once.</summary>
internal static class Backoff
{
    public static TimeSpan After(int failures) =>
        TimeSpan.FromSeconds(Math.Min(30, 0.25 * Math.Pow(2, Math.Min(failures, 10))) * (1 + (Random.Shared.NextDouble() / 2)));
}
