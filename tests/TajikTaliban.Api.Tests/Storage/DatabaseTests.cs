using Npgsql;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Tests.Storage;

public sealed class DatabaseTests
{
    [Theory]
    [InlineData("Host=localhost;Database=one", 24, 8, 4, 6, 2)]
    [InlineData("Host=localhost;Database=one;Maximum Pool Size=90", 52, 16, 8, 12, 2)]
    [InlineData("Host=localhost;Database=one;MaxPoolSize=10", 5, 1, 1, 1, 2)]
    [InlineData("Host=localhost;Database=one;MaxPoolSize=1", 1, 1, 1, 1, 2)]
    public async Task Each_lane_has_its_share_of_the_connections_that_are_allowed(
        string connection, int reads, int writes, int heavy, int feed, int health)
    {
        await using var pools = Database.OpenPools(connection);

        Assert.Equal(
            [(Lane.Reads, reads), (Lane.Writes, writes), (Lane.Heavy, heavy), (Lane.Feed, feed), (Lane.Health, health)],
            Enum.GetValues<Lane>().Select(l => (l, pools.SizeOf(l))));
    }

    [Fact]
    public void Two_instances_and_some_commands_fit_into_the_connections_of_a_stock_server() =>
        // one more each to listen
        Assert.InRange(2 * (1 + Enum.GetValues<Lane>().Sum(l => Database.SizeOf(l, Database.MaxConnections))), 1, 97 - 5);

    [Fact]
    public async Task The_wait_for_a_connection_is_bounded_unless_the_connection_string_says_otherwise()
    {
        static int[] Seconds(ConnectionPools pools) =>
            [.. Enum.GetValues<Lane>().Select(l => new NpgsqlConnectionStringBuilder(pools[l].ConnectionString).Timeout)];
        await using var pools = Database.OpenPools("Host=localhost;Database=one");
        await using var given = Database.OpenPools("Host=localhost;Database=one;Timeout=7");

        Assert.Equal([5, 5, 5, 15, 5], Seconds(pools));
        Assert.Equal([7, 7, 7, 7, 7], Seconds(given));
    }
}
