using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>Receivers that are spoken to over https, as all are where nothing else is configured.</summary>
public sealed class WebhookTlsTests(WebhookFixture api) : IClassFixture<WebhookFixture>
{
    [Theory]
    [InlineData("localhost", true, null)]
    // connected to by the address that was looked at, and still asked for the certificate of the name
    [InlineData("elsewhere.example", true, "RemoteCertificateNameMismatch")]
    [InlineData("localhost", false, "errors in the certificate chain")]
    public async Task A_receiver_is_delivered_to_when_its_certificate_is_of_its_name_and_of_an_authority_that_is_trusted(
        string name, bool isTrusted, string? fault)
    {
        var admin = await api.AdminAsync();
        var (authority, certificate) = Certificates(name);
        await using var receiver = await WebhookReceiver.StartAsync(certificate);
        var trusted = Path.Combine(Path.GetTempPath(), $"authority-{Guid.NewGuid():n}.pem");
        await File.WriteAllTextAsync(trusted, isTrusted ? authority.ExportCertificatePem() : "", TestContext.Current.CancellationToken);
        try
        {
            using var service = KilledService.Start(api.ConnectionString, ("SSL_CERT_FILE", trusted), ("SSL_CERT_DIR", "/nowhere"),
                ("Webhooks__AllowHttp", "false"), ("Webhooks__AllowedNetworks__1", "::1/128"));
            using var client = new HttpClient { BaseAddress = new Uri(service.Address) };
            client.DefaultRequestHeaders.Authorization = admin.DefaultRequestHeaders.Authorization;
            var url = $"https://localhost:{new Uri(receiver.Address).Port}/hook";
            var made = await client.SendJsonAsync(HttpMethod.Post, "/v1/webhooks", new JsonObject { ["url"] = url });
            Assert.True(made.Status == HttpStatusCode.Created, made.Body?.ToJsonString());

            var attempt = await client.SendJsonAsync(HttpMethod.Post, $"/v1/webhooks/{made.Body!["webhook"]!["id"]}/test");

            Assert.Equal(HttpStatusCode.OK, attempt.Status);
            if (fault is null)
            {
                Assert.Equal((204, null), ((int?)attempt.Body!["status"], (string?)attempt.Body["error"]));
                Assert.True(Assert.Single(receiver.Received).IsSignedWith((string)made.Body["secret"]!));
            }
            else
            {
                Assert.Null(attempt.Body!["status"]);
                Assert.Contains(fault, (string?)attempt.Body["error"], StringComparison.Ordinal);
                Assert.Empty(receiver.Received);
            }

            await client.SendJsonAsync(HttpMethod.Delete, $"/v1/webhooks/{made.Body["webhook"]!["id"]}");
        }
        finally
        {
            File.Delete(trusted);
        }
    }

    /// <summary>An authority, and what it says of a host.</summary>
    private static (X509Certificate2 Authority, X509Certificate2 Certificate) Certificates(string host)
    {
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=An authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = authorityRequest.CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8));
        return (X509CertificateLoader.LoadCertificate(authority.Export(X509ContentType.Cert)), signed.CopyWithPrivateKey(key));
    }
}
