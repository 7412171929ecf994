namespace TajikTaliban.Api.Tests.Architecture.Planted.Two;

/// <summary>The other half of the planted circle: uses the folder One only in a lambda of an async method.</summary>
internal sealed class Guest
{
    public static async Task<int> VisitAsync()
    {
        await Task.Yield();
        Func<Task<int>> visit = () => One.Host.CountAsync();
        return await visit();
    }
}
