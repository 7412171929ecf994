using System.Net;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>Which URLs are taken. That the host's addresses may be delivered to is looked at with each connection, since names move.</summary>
internal static class TargetUrl
{
    public static string? WhatIsWrong(string url, WebhookOptions options)
    {
        if (url.Length > Limits.Url)
            return $"At most {Limits.Url} characters are taken.";
        if (url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            return "Has to be an absolute https address.";
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !options.AllowHttp)
            return "Has to be an https address: changes are not sent in the clear.";
        if (uri.UserInfo.Length > 0 || AuthorityOf(url).Contains('@'))
            return "May not hold a user's name or password: the signature is what a receiver trusts.";
        if (uri.Fragment.Length > 0 || url.Contains('#', StringComparison.Ordinal))
            return "May not have a fragment: it would not be sent.";
        return IPAddress.TryParse(uri.DnsSafeHost, out var address) && !TargetAddress.IsAllowed(address, options.AllowedNetworks) ? Refused(address) : null;
    }

    /// <summary>As it was written: an empty name before the @ is none to the parser, but others may read it otherwise.</summary>
    private static ReadOnlySpan<char> AuthorityOf(string url)
    {
        var rest = url.AsSpan(url.IndexOf(':', StringComparison.Ordinal) + 1).TrimStart("/\\");
        var end = rest.IndexOfAny("/\\?#");
        return end < 0 ? rest : rest[..end];
    }

    public static string Refused(IPAddress address) => $"The address {address} is not public, and not in the networks that the operator allows.";
}
