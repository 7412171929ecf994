using Npgsql;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>A refusal by the database, which is known by its SQLSTATE and its constraint, never by its message.</summary>
public static class Refused
{
    public static async Task ByAsync(string sqlState, string constraint, Func<Task> write)
    {
        var error = await Assert.ThrowsAsync<PostgresException>(write);

        Assert.Equal((sqlState, constraint), (error.SqlState, error.ConstraintName));
    }
}
