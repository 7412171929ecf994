using System.Net;
using System.Net.Sockets;

namespace TajikTaliban.Api.Platform.Fairness;

/// <summary>
/// The network that a request counts for: one IPv4 address, or an IPv6 network of 64 bits, which one subscriber has to itself. Null for
/// the machine of the service.
/// </summary>
internal static class ClientNetwork
{
    private const int PrefixBytes = 8;

    public static string? OrNull(IPAddress? address)
    {
        if (address is null)
            return null;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address))
            return null;
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[PrefixBytes..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
