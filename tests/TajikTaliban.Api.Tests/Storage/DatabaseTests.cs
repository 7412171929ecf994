using Npgsql;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Tests.Storage;

public sealed class DatabaseTests
{
    [Theory]
    [InlineData("Host=localhost;Database=one", 42)]
    [InlineData("Host=localhost;Database=one;Maximum Pool Size=100", 100)]
    [InlineData("Host=localhost;Database=one;MaxPoolSize=7", 7)]
    public async Task A_pool_leaves_connections_for_others_unless_its_size_is_set(string connection, int expected)
    {
        await using var source = Database.Open(connection);

        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize);
    }

    [Fact]
    public async Task The_feed_has_a_small_pool_of_its_own_whatever_the_settings_of_the_other()
    {
        await using var source = Database.OpenForFeed("Host=localhost;Database=one;Maximum Pool Size=100");

        Assert.Equal(8, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize);
    }
}
