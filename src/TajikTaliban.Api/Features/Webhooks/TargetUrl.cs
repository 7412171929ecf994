using System.Net;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>Validates the URL of a receiver. The addresses of its host are checked at each connection, since names move.</summary>
internal static class TargetUrl
{
    public static Fault? WhatIsWrong(string url, WebhookOptions options)
    {
        if (url.Length > Limits.Url)
            return Fault.TooLong(Limits.Url);
        if (url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            return new Fault(FaultCode.NotAnAddress, "Not an absolute https address.");
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !options.AllowHttp)
            return NotAllowed("Not an https address: changes are sent over TLS only.");
        if (uri.UserInfo.Length > 0 || HttpAddress.HasCredentials(url))
            return NotAllowed("Remove the user name and password: receivers authenticate messages by their signature.");
        if (uri.Fragment.Length > 0 || url.Contains('#', StringComparison.Ordinal))
            return NotAllowed("Remove the fragment: it would not be sent.");
        return IPAddress.TryParse(uri.DnsSafeHost, out var address) && !TargetAddress.IsAllowed(address, options.AllowedNetworks)
            ? NotAllowed(Refused(address)) : null;
    }

    private static Fault NotAllowed(string message) => new(FaultCode.AddressNotAllowed, message);

    public static string Refused(IPAddress address) =>
        $"The address {address} is not public, and Webhooks__AllowedNetworks does not contain it.";
}
