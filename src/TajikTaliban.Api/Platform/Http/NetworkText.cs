using System.Net;
using System.Net.Sockets;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>A network as text (CIDR), as settings have it.</summary>
public static class NetworkText
{
    /// <summary>The valid form, for messages.</summary>
    public const string Form = "use networks such as 10.1.0.0/16 or fd00:1::/32, without host bits";

    /// <summary>IPv4 addresses in plain decimal only: a parser reads <c>0177.0.0.0</c> as 127.0.0.0, and few readers do.</summary>
    public static IPNetwork? ReadOrNull(string text) =>
        text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        && IPAddress.TryParse(text.AsSpan(0, slash), out var address) && IPNetwork.TryParse(text, out var network)
        && network.BaseAddress.Equals(address)
        && (address.AddressFamily != AddressFamily.InterNetwork || network.ToString() == text)
            ? network
            : null;
}
