using System.Net;
using System.Net.Sockets;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>The network address that a request came from; behind a proxy that is trusted, the one that the proxy states.</summary>
internal static class ClientAddress
{
    private const int MaskedBytesOf4 = 1;
    private const int KeptBytesOf6 = 6;

    /// <summary>The address; null where the server does not know it.</summary>
    public static IPAddress? OrNull(HttpContext http) =>
        http.Connection.RemoteIpAddress is not { } address ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The network of an address, for logs of those who only read: 256 addresses of IPv4, a site (/48) of IPv6.</summary>
    public static IPAddress NetworkOf(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            bytes.AsSpan(bytes.Length - MaskedBytesOf4).Clear();
        else
            bytes.AsSpan(KeptBytesOf6).Clear();
        return new IPAddress(bytes);
    }
}
