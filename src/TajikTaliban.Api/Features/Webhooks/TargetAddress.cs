using System.Net;
using System.Net.Sockets;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>
/// Decides whether an address may receive deliveries: public addresses, and those of allowed networks. All others could be used to reach
/// internal services (server-side request forgery).
/// </summary>
internal static class TargetAddress
{
    /// <summary>The IANA registry of special-purpose IPv4 addresses, with multicast and reserved ones.</summary>
    private static readonly IPNetwork[] NotPublic4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Global unicast, from which IANA allocates; loopback, link-local, unique local, multicast and mapped addresses are
    /// outside.</summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    /// <summary>Within it: protocol assignments (Teredo among them, which carries any IPv4 address), documentation, 6to4 (the same), AS112,
    /// SRv6.</summary>
    private static readonly IPNetwork[] NotPublic6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>Translates to the IPv4 address in its last four bytes; with DNS64 a network without IPv4 reaches public receivers by
    /// it.</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsAllowed(IPAddress address, IReadOnlyList<IPNetwork> allowed)
    {
        var inner = Inner(address);
        return allowed.Any(n => n.Contains(inner) || n.Contains(address)) || IsPublic(inner);
    }

    private static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Array.Exists(NotPublic4, n => n.Contains(address)),
        AddressFamily.InterNetworkV6 => Global6.Contains(address) && !Array.Exists(NotPublic6, n => n.Contains(address)),
        _ => false,
    };

    /// <summary>The IPv4 address within an IPv6 one, or the address itself.</summary>
    private static IPAddress Inner(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && Nat64.Contains(address)
        ? new IPAddress(address.GetAddressBytes().AsSpan(12))
        : address;
}
