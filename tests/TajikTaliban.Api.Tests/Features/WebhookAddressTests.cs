using System.Net;
using System.Text;
using TajikTaliban.Api.Features.Webhooks;

namespace TajikTaliban.Api.Tests.Features;

/// <summary>Where webhooks are sent to, and how they are signed.</summary>
public sealed class WebhookAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")] // CGNAT
    [InlineData("100.127.255.255")]
    [InlineData("169.254.0.1")]
    [InlineData("169.254.169.254")] // the metadata of clouds
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.0.2.1")] // documentation
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.255")]
    [InlineData("192.88.99.1")] // 6to4 relays
    [InlineData("192.168.0.1")]
    [InlineData("198.18.0.1")] // benchmarks
    [InlineData("198.19.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")] // IPv4-compatible
    [InlineData("::8.8.8.8")]
    [InlineData("::ffff:127.0.0.1")] // IPv4-mapped
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:127.0.0.1")] // IPv4-translated
    [InlineData("64:ff9b::127.0.0.1")] // NAT64
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")] // NAT64 of local use
    [InlineData("100::1")] // discard
    [InlineData("2001::1")] // Teredo
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2001:10::1")] // ORCHID
    [InlineData("2001:db8::1")]
    [InlineData("3fff::1")]
    [InlineData("2002:7f00:1::")] // 6to4 of 127.0.0.1
    [InlineData("2002:a00:1::1")]
    [InlineData("2002:808:808::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fec0::1")] // site-local
    [InlineData("ff02::1")]
    [InlineData("5f00::1")] // segment routing
    [InlineData("4000::1")] // not given out
    public void An_address_that_is_not_public_is_refused(string address) =>
        Assert.False(TargetAddress.IsAllowed(IPAddress.Parse(address), []));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.1")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2a00:1450:4001:80b::200e")]
    public void A_public_address_is_accepted(string address) => Assert.True(TargetAddress.IsAllowed(IPAddress.Parse(address), []));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.0/8", true)]
    [InlineData("::ffff:127.0.0.1", "127.0.0.0/8", true)]
    [InlineData("64:ff9b::127.0.0.1", "127.0.0.0/8", true)]
    [InlineData("10.1.2.3", "127.0.0.0/8", false)]
    [InlineData("10.1.2.3", "10.1.0.0/16", true)]
    [InlineData("10.2.2.3", "10.1.0.0/16", false)]
    [InlineData("fd00:1::5", "fd00:1::/32", true)]
    [InlineData("fd00:2::5", "fd00:1::/32", false)]
    [InlineData("::1", "::1/128", true)]
    public void A_network_that_is_allowed_is_taken_and_no_other(string address, string network, bool isAllowed) =>
        Assert.Equal(isAllowed, TargetAddress.IsAllowed(IPAddress.Parse(address), [IPNetwork.Parse(network)]));

    [Theory]
    [InlineData("https://example.org/hook?x=1", null)]
    [InlineData("https://example.org:8443/", null)]
    [InlineData("https://8.8.8.8/", null)]
    [InlineData("http://example.org/", "over TLS only")]
    [InlineData("ftp://example.org/", "absolute https")]
    [InlineData("file:///etc/passwd", "absolute https")]
    [InlineData("/hook", "absolute https")]
    [InlineData("", "absolute https")]
    [InlineData("https://", "absolute https")]
    [InlineData("https://example.org/a b", "absolute https")]
    [InlineData("https://user@example.org/", "user name")]
    [InlineData("https://user:word@example.org/", "user name")]
    [InlineData("https://@example.org/", "user name")]
    [InlineData("https://example.org/#part", "fragment")]
    [InlineData("https://127.0.0.1/", "127.0.0.1 is not public")]
    [InlineData("https://2130706433/", "127.0.0.1 is not public")]
    [InlineData("https://0x7f.1/", "127.0.0.1 is not public")]
    [InlineData("https://0177.0.0.1/", "127.0.0.1 is not public")]
    [InlineData("https://[::1]/", "::1 is not public")]
    [InlineData("https://[::ffff:10.0.0.1]/", "10.0.0.1 is not public")]
    [InlineData("https://169.254.169.254/latest/meta-data/", "169.254.169.254 is not public")]
    public void A_url_is_told_what_is_wrong_with_it(string url, string? wrong)
    {
        var told = TargetUrl.WhatIsWrong(url, new WebhookOptions());

        if (wrong is null)
            Assert.Null(told);
        else
            Assert.Contains(wrong, told?.Message, StringComparison.Ordinal);
    }

    /// <summary>The example that the libraries of Standard Webhooks test themselves by.</summary>
    [Fact]
    public void The_signature_is_that_of_the_standard()
    {
        var secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        var signature = Signature.Of([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
            Encoding.UTF8.GetBytes("{\"test\": 2432232314}"));

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public void A_sealed_secret_is_opened_by_its_key_for_its_subscription_alone()
    {
        var seal = new SecretSeal(new WebhookOptions { SecretKey = [.. Enumerable.Repeat((byte)7, SecretSeal.KeyBytes)] });
        var other = new SecretSeal(new WebhookOptions { SecretKey = [.. Enumerable.Repeat((byte)8, SecretSeal.KeyBytes)] });
        var plain = new SecretSeal(new WebhookOptions());
        var secret = SecretSeal.New();

        var stored = seal.Close("one", secret);

        Assert.Equal(secret, seal.OpenOrNull("one", stored));
        Assert.Null(seal.OpenOrNull("two", stored));
        Assert.Null(other.OpenOrNull("one", stored));
        Assert.Null(plain.OpenOrNull("one", stored));
        Assert.Equal(secret, seal.OpenOrNull("one", plain.Close("one", secret)));
        Assert.True(stored.AsSpan().IndexOf(secret) < 0);
        Assert.InRange(secret.Length, 24, 64);
    }

    [Fact]
    public void The_pauses_grow_up_to_half_a_day_and_last_many_hours_in_all()
    {
        var options = new WebhookOptions();
        var longest = Enumerable.Range(1, options.Attempts - 1).Select(n => options.Delay(n, 1)).ToList();

        Assert.Equal([5, 25, 125, 625, 3125, 15625, 43200], longest.Select(d => d.TotalSeconds));
        Assert.Equal(17, (int)longest.Aggregate((a, b) => a + b).TotalHours);
        Assert.Equal(TimeSpan.Zero, options.Delay(7, 0));
        Assert.Equal(TimeSpan.FromSeconds(12.5), options.Delay(2, 0.5));
    }
}
