using TajikTaliban.Api.Tests.Architecture.Planted.Two;

namespace TajikTaliban.Api.Tests.Architecture.Planted.One;

/// <summary>Half of a planted circle: uses <see cref="Guest"/> only as a type argument in the body of an async method.</summary>
internal static class Host
{
    public static async Task<int> CountAsync()
    {
        await Task.Yield();
        return Array.Empty<Guest>().Length;
    }
}
