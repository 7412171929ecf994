using System.Net;
using TajikTaliban.Api.Features.Webhooks;

namespace TajikTaliban.Api.Tests.Features;

/// <summary>The settings of webhooks: each faulty one is one sentence with its name.</summary>
public sealed class WebhookSettingsTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("10.0.0.1/8")]
    [InlineData("0177.0.0.0/8")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("fd00:1::1/32")]
    public void A_faulty_network_is_refused(string network)
    {
        var settings = new WebhookSettings { AllowedNetworks = [$"10.1.0.0/16,{network}"] };

        var failure = Assert.Single(settings.Validate(null, settings).Failures!);
        Assert.StartsWith($"Webhooks__AllowedNetworks is '{network}', which is not valid; use", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faulty_settings_are_reported()
    {
        var settings = new WebhookSettings
        {
            AllowHttp = "maybe",
            SecretKey = "short",
            Attempts = "0",
            FirstDelay = "-1",
            DelayFactor = "NaN",
            MaxEndpoints = "many",
        };

        Assert.Equal(
            ["AllowHttp", "SecretKey", "Attempts", "FirstDelay", "DelayFactor", "MaxEndpoints"],
            settings.Validate(null, settings).Failures!.Select(f => f.Split(' ')[0]["Webhooks__".Length..]));
    }

    [Fact]
    public void Networks_are_read_from_one_text_or_an_array()
    {
        IPNetwork[] networks = [IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd00:1::/32")];

        Assert.Equal(networks, new WebhookSettings { AllowedNetworks = ["10.1.0.0/16, fd00:1::/32"] }.ToOptions().AllowedNetworks);
        Assert.Equal(networks, new WebhookSettings { AllowedNetworks = ["10.1.0.0/16", "fd00:1::/32"] }.ToOptions().AllowedNetworks);
        Assert.Equal(500, new WebhookSettings().ToOptions().MaxEndpoints);
    }
}
