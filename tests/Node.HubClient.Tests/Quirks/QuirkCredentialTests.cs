using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Quirks of the reference around keys, tokens and certificates.</summary>
public sealed class QuirkCredentialTests
{
    private static readonly DeviceConfig Identity = new() { HostName = "contoso.azure-devices.net", DeviceId = "dev1" };

    [Fact]
    public void Q18_without_retries_the_token_is_still_renewed_each_time_and_a_loss_still_ends()
    {
        using var rig = new ClientRig(tokenLifetime: TimeSpan.FromSeconds(100));
        rig.Client.SetRetryPolicy(RetryPolicy.None, TimeSpan.Zero);
        rig.Connect();
        for (int renewal = 2; renewal < 6; renewal++)
        {
            rig.Advance(TimeSpan.FromSeconds(80));
            rig.Client.DoWork();
            rig.Hub.Accept();
            rig.Client.DoWork();
            Assert.Equal(renewal, rig.Hub.Opened.Count);
        }

        Assert.DoesNotContain(rig.Statuses, change => change.Reason is ConnectionStatusReason.RetryExpired);
        rig.Hub.Lose();
        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromDays(1));

        Assert.Equal(ConnectionStatusReason.RetryExpired, rig.Statuses[^1].Reason);
        Assert.Equal(5, rig.Hub.Opened.Count);
    }

    [Fact]
    public void Q19_a_given_token_lives_to_its_own_expiry_and_is_not_offered_afterwards()
    {
        using var rig = new ClientRig(keepAliveSeconds: 0);
        string token = Token(rig.Clock.GetUtcNow().AddHours(10));
        rig.Client.SetCredential(Identity with { SharedAccessSignature = token });
        rig.Connect();
        rig.Advance(TimeSpan.FromHours(9.9));
        Assert.Equal([token], rig.Hub.Opened.Select(request => request.Password));

        rig.Advance(TimeSpan.FromHours(0.2));
        rig.Hub.Lose(); // The hub hangs up on an expired token.
        for (int second = 0; second < 600; second++)
        {
            rig.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Single(rig.Hub.Opened);
        Assert.Single(rig.Statuses, change => change.Reason is ConnectionStatusReason.BadCredential);
        string next = Token(rig.Clock.GetUtcNow().AddHours(1));
        rig.Client.SetCredential(Identity with { SharedAccessSignature = next });
        rig.Client.DoWork();

        Assert.Equal(next, rig.Hub.Opened[^1].Password);
    }

    [Fact]
    public void Q19_a_token_replaced_in_time_costs_no_message()
    {
        using var rig = new ClientRig();
        rig.Client.SetCredential(Identity with { SharedAccessSignature = Token(rig.Clock.GetUtcNow().AddMinutes(5)) });
        rig.Connect();
        rig.Send("before");
        rig.Client.DoWork();

        string next = Token(rig.Clock.GetUtcNow().AddMinutes(60));
        rig.Client.SetCredential(Identity with { SharedAccessSignature = next });
        rig.Send("after");
        rig.ConfirmFrom(0);
        rig.Client.DoWork();
        rig.Hub.Accept();
        rig.Client.DoWork();

        Assert.Equal(next, rig.Hub.Opened[^1].Password);
        Assert.Equal([("before", false), ("after", false)], rig.Hub.Published.Select(sent => (sent.Payload, sent.Duplicate)));
    }

    [Theory, InlineData("sas_token_refresh_time"), InlineData("sas_token_lifetime")]
    public void Q20_both_names_set_the_lifetime_and_the_renewal_follows_at_80_percent(string name)
    {
        using var rig = new ClientRig();
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SetOption(name, 1_000));
        rig.Connect();

        Assert.EndsWith($"&se={rig.Clock.GetUtcNow().AddSeconds(1_000).ToUnixTimeSeconds()}", rig.Hub.Opened[0].Password, StringComparison.Ordinal);
        rig.Advance(TimeSpan.FromSeconds(799));
        Assert.Equal(0, rig.Hub.PoliteCloses);
        rig.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, rig.Hub.PoliteCloses);
    }

    [Fact]
    public void Q25_a_certificate_can_be_renewed_as_often_as_needed()
    {
        using var rig = new ClientRig();
        using X509Certificate2 first = Certificate(out _);
        using X509Certificate2 second = Certificate(out _);
        rig.Client.SetCredential(Identity with { Certificate = first });
        rig.Connect();
        rig.Send("kept");
        rig.Client.DoWork();

        rig.Client.SetCredential(Identity with { Certificate = second });
        rig.ConfirmFrom(0);
        rig.Client.DoWork();

        Assert.Equal([first.Thumbprint, second.Thumbprint], rig.Hub.Opened.Select(request => request.Certificate!.Own.Thumbprint));
        Assert.Equal([("kept", SendConfirmation.Ok)], rig.Confirmations);
        Assert.Equal(1, rig.Hub.PoliteCloses);
    }

    [Fact]
    public void Q25_a_certificate_set_by_option_can_be_set_again_by_option()
    {
        using var rig = new ClientRig();
        using X509Certificate2 first = Certificate(out string firstKey);
        using X509Certificate2 second = Certificate(out string secondKey);
        rig.Client.SetCredential(Identity with { Certificate = first });
        rig.Connect();
        rig.Client.SetOption("x509certificate", first.ExportCertificatePem());
        rig.Client.SetOption("x509privatekey", firstKey);

        rig.Client.SetOption("x509certificate", second.ExportCertificatePem()); // Fits the old key not yet; the pair counts.
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SetOption("x509privatekey", secondKey));
        rig.Client.DoWork();
        rig.Client.DoWork();

        Assert.Equal(second.Thumbprint, rig.Hub.Opened[^1].Certificate!.Own.Thumbprint);
    }

    [Fact]
    public void Q36_what_prevents_a_token_is_told_once_and_looked_at_once_a_second()
    {
        using var rig = new ClientRig(start: new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
        for (int turn = 0; turn < 1_000; turn++)
        {
            rig.Client.DoWork();
        }

        Assert.Equal(TimeSpan.FromSeconds(1), rig.Client.DoWork().NextDue);
        Assert.Empty(rig.Hub.Opened);
        Assert.Single(rig.Statuses);
    }

    [Fact]
    public void Q36_a_security_module_that_fails_is_told_once_and_asked_once_a_second()
    {
        var hub = new ScriptedTransport();
        int asked = 0;
        byte[] Fail(byte[] data) => throw new CryptographicException($"module busy, call {++asked}");
        using var rig = new ClientRig();
        var settings = new SessionSettings
        {
            HostName = Identity.HostName,
            DeviceId = Identity.DeviceId,
            UserName = "user",
            KeepAliveSeconds = 240,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            InFlightWindow = 1,
            MaxQueuedMessages = 1,
            MaxQueuedBytes = 1_000,
        };
        var credential = new KeyCredential("scope", TimeSpan.FromHours(1), Fail);
        var session = new HubSession(settings, hub, credential, rig.Clock, new Random(1), NullLogger.Instance);
        using var client = new IotHubClientLL(session, hub, new HubIdentity(Identity.HostName, Identity.DeviceId), new HubClientOptions { TimeProvider = rig.Clock });
        var statuses = new List<ConnectionStatusChange>();
        client.SetConnectionStatusCallback((change, _) => statuses.Add(change));

        for (int turn = 0; turn < 100; turn++)
        {
            client.DoWork();
        }

        Assert.Equal(1, asked);
        Assert.Equal(ConnectionStatusReason.BadCredential, Assert.Single(statuses).Reason);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        client.DoWork();
        Assert.Equal(2, asked);
    }

    private static string Token(DateTimeOffset expiry) => $"SharedAccessSignature sr=x&sig=y&se={expiry.ToUnixTimeSeconds()}";

    private static X509Certificate2 Certificate(out string keyPem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        keyPem = key.ExportPkcs8PrivateKeyPem();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=dev1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
