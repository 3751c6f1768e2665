using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

public sealed class OptionTests
{
    [Theory]
    [InlineData("messageTimeout", 1000L, IotHubClientResult.Ok)]
    [InlineData("messageTimeout", -1, IotHubClientResult.Error)]
    [InlineData("messageTimeout", "1000", IotHubClientResult.InvalidArg)]
    [InlineData("product_info", "acme/1", IotHubClientResult.Ok)]
    [InlineData("sas_token_lifetime", 5, IotHubClientResult.Ok)]
    [InlineData("sas_token_lifetime", 4, IotHubClientResult.Error)]
    [InlineData("sas_token_refresh_time", 60, IotHubClientResult.Ok)]
    [InlineData("keepalive", 0, IotHubClientResult.Ok)]
    [InlineData("keepalive", 1177, IotHubClientResult.Ok)]
    [InlineData("keepalive", 1178, IotHubClientResult.Error)]
    [InlineData("connect_timeout", 0, IotHubClientResult.Error)]
    [InlineData("retry_interval_sec", 0, IotHubClientResult.Error)]
    [InlineData("retry_max_delay_secs", 0, IotHubClientResult.Ok)]
    [InlineData("auto_url_encode_decode", true, IotHubClientResult.Ok)]
    [InlineData("diag_sampling_percentage", 101, IotHubClientResult.Error)]
    [InlineData("x509certificate", "pem", IotHubClientResult.InvalidArg)]
    [InlineData("Batching", true, IotHubClientResult.InvalidArg)]
    [InlineData("do_work_freq_ms", 1L, IotHubClientResult.InvalidArg)]
    [InlineData("KEEPALIVE", 1, IotHubClientResult.InvalidArg)]
    public void An_option_is_checked_by_name_type_and_range(string name, object value, IotHubClientResult expected)
    {
        using var rig = new ClientRig();

        Assert.Equal(expected, rig.Client.SetOption(name, value));
    }

    [Fact]
    public void Model_and_product_go_into_the_user_name_until_the_first_attempt()
    {
        using var rig = new ClientRig();
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SetOption("model_id", "dtmi:com:example:Node;1"));
        Assert.Equal(IotHubClientResult.Error, rig.Client.SetOption("model_id", "dtmi:com:example:Node;2"));
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SetOption("product_info", "acme/1"));
        rig.Client.DoWork();

        Assert.Equal(IotHubClientResult.Error, rig.Client.SetOption("product_info", "late/1"));
        Assert.Matches("^contoso.azure-devices.net/dev1/\\?api-version=2020-09-30&DeviceClientType=acme%2f1%20SensorNode.HubClient.*&model-id=dtmi%3acom%3aexample%3aNode%3b1$", rig.Hub.Opened[0].UserName);
    }

    [Fact]
    public void An_integer_of_any_type_counts()
    {
        using var rig = new ClientRig();

        Assert.All<object>([1_000u, 1_000ul, (ushort)1_000, (short)1_000, (byte)100, 1_000, 1_000L], value => Assert.Equal(IotHubClientResult.Ok, rig.Client.SetOption("messageTimeout", value)));
        Assert.Equal(IotHubClientResult.InvalidArg, rig.Client.SetOption("messageTimeout", ulong.MaxValue));
        Assert.Equal(IotHubClientResult.InvalidArg, rig.Client.SetOption("messageTimeout", 1_000.0));
    }

    [Theory]
    [InlineData(10_000_000_000_000L)]
    [InlineData(long.MaxValue / TimeSpan.TicksPerMillisecond)]
    public void A_message_time_out_longer_than_any_clock_never_comes(long milliseconds)
    {
        using var rig = new ClientRig();
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SetOption("messageTimeout", milliseconds));

        rig.Send("a");
        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromDays(1));

        Assert.Empty(rig.Confirmations);
    }

    [Fact]
    public void Another_token_lifetime_counts_from_the_next_token_on()
    {
        using var rig = new ClientRig(tokenLifetime: TimeSpan.FromHours(1));
        rig.Connect();

        rig.Client.SetOption("sas_token_lifetime", 24 * 3_600);
        rig.Advance(TimeSpan.FromMinutes(48) - TimeSpan.FromSeconds(1));
        Assert.True(rig.Hub.IsOpen);
        rig.Advance(TimeSpan.FromSeconds(1)); // The token of this connection is still good for an hour alone.
        Assert.Equal(ConnectionStatusReason.ExpiredSasToken, rig.Statuses[^1].Reason);

        rig.Client.DoWork();
        Assert.Equal(rig.Clock.GetUtcNow().ToUnixTimeSeconds() + (24 * 3_600), Expiry(rig.Hub.Opened[^1].Password!));
    }

    [Fact]
    public void A_token_lifetime_set_by_name_outlives_a_change_of_the_key()
    {
        using var rig = new ClientRig();
        rig.Client.SetOption("sas_token_lifetime", 600);

        rig.Client.SetCredential(new DeviceConfig { HostName = "contoso.azure-devices.net", DeviceId = "dev1", SharedAccessKey = "QUJD" });
        rig.Client.DoWork();

        Assert.Equal(rig.Clock.GetUtcNow().ToUnixTimeSeconds() + 600, Expiry(rig.Hub.Opened[^1].Password!));
    }

    private static long Expiry(string token) =>
        Node.HubClient.Protocol.SasToken.TryReadExpiry(token, out DateTimeOffset expiry) ? expiry.ToUnixTimeSeconds() : 0;

    [Fact]
    public void A_waiting_message_ends_just_after_its_time_out_and_a_published_one_does_not()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Client.SetOption("messageTimeout", 5_000);
        rig.Send("published");
        rig.Client.DoWork();
        rig.Hub.FreeBytes = 0;
        rig.Send("waiting");
        rig.Client.SetOption("messageTimeout", 0);
        rig.Send("patient");

        rig.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(rig.Confirmations);
        rig.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([("waiting", SendConfirmation.MessageTimeout)], rig.Confirmations);
    }

    [Fact]
    public void Messages_end_by_their_own_time_out_whatever_was_set_before_and_after_them()
    {
        using var rig = new ClientRig();
        foreach ((string name, int milliseconds) in ((string, int)[])[("a", 3_000), ("b", 1_000), ("c", 0), ("d", 2_000), ("e", 2_000)])
        {
            rig.Client.SetOption("messageTimeout", milliseconds);
            rig.Send(name);
        }

        string[] ended = [.. Enumerable.Range(0, 5).Select(_ =>
        {
            rig.Advance(TimeSpan.FromSeconds(1.001));
            string names = string.Concat(rig.Confirmations.Select(confirmed => confirmed.Name));
            rig.Confirmations.Clear();
            return names;
        })];
        rig.Client.Dispose();

        Assert.Equal(["b", "de", "a", "", ""], ended);
        Assert.Equal(("c", SendConfirmation.BecauseDestroy), Assert.Single(rig.Confirmations));
    }

    [Fact]
    public void Another_keep_alive_reconnects_politely_and_the_same_one_changes_nothing()
    {
        using var rig = new ClientRig(keepAliveSeconds: 240);
        rig.Connect();
        rig.Client.SetOption("keepalive", 240);
        rig.Client.DoWork();
        Assert.Equal(0, rig.Hub.PoliteCloses);

        rig.Client.SetOption("keepalive", 60);
        rig.Client.DoWork();
        rig.Client.DoWork();

        Assert.Equal(1, rig.Hub.PoliteCloses);
        Assert.Equal(60, rig.Hub.Opened[^1].KeepAliveSeconds);
    }

    [Fact]
    public void A_shorter_token_life_counts_from_the_next_connection()
    {
        using var rig = new ClientRig(tokenLifetime: TimeSpan.FromHours(1));
        rig.Client.SetOption("sas_token_lifetime", 100);
        rig.Connect();

        rig.Advance(TimeSpan.FromSeconds(79));
        Assert.Equal(0, rig.Hub.PoliteCloses);
        rig.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, rig.Hub.PoliteCloses);
    }

    [Theory]
    [InlineData(0, new int[0])]
    [InlineData(50, new[] { 1, 3, 5 })]
    [InlineData(100, new[] { 1, 2, 3, 4, 5, 6 })]
    public void Diagnostic_sampling_takes_the_messages_of_the_rule(int percentage, int[] expected)
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Client.SetOption("diag_sampling_percentage", percentage);
        for (int message = 1; message <= 6; message++)
        {
            rig.Send($"{message}");
        }

        rig.Client.DoWork();

        var sampled = rig.Hub.Published.Where(sent => sent.Topic.Contains("%24.diagid=", StringComparison.Ordinal)).ToList();
        Assert.Equal(expected, sampled.Select(sent => int.Parse(sent.Payload, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(sampled, sent => Assert.Matches("%24\\.diagid=[0-9a-z]{8}&%24\\.diagctx=creationtimeutc%3d1767225600$", sent.Topic));
    }

    [Fact]
    public void Encoding_off_writes_properties_as_they_are()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Client.SetOption("auto_url_encode_decode", false);
        rig.Client.SendEvent(new TelemetryMessage(default) { ContentType = "application/json" });
        rig.Client.DoWork();

        Assert.EndsWith("%24.ct=application/json", rig.Hub.Published[0].Topic, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a#b")]
    [InlineData("a+b")]
    [InlineData("a\0b")]
    public void With_encoding_off_a_property_that_no_topic_may_hold_is_refused_at_once(string text)
    {
        using var rig = new ClientRig();
        var message = new TelemetryMessage(default) { Properties = { new("key", text) } };
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SendEvent(message));
        rig.Client.SetOption("auto_url_encode_decode", false);

        Assert.Equal(IotHubClientResult.InvalidArg, rig.Client.SendEvent(message));
    }

    [Fact]
    public void A_certificate_given_in_two_parts_and_in_either_order_connects()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=dev1", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(now, now.AddDays(1));
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString("HostName=hub.localhost;DeviceId=dev1;x509=true", new HubClientOptions { Port = 1 });

        Assert.Equal(IotHubClientResult.Ok, client.SetOption("x509privatekey", key.ExportPkcs8PrivateKeyPem()));
        Assert.Equal(IotHubClientResult.Error, client.SetOption("x509certificate", "no PEM"));
        Assert.Equal(IotHubClientResult.Ok, client.SetOption("x509certificate", certificate.ExportCertificatePem()));
        Assert.Equal(IotHubClientResult.Ok, client.SetOption("TrustedCerts", certificate.ExportCertificatePem()));
        Assert.Equal(IotHubClientResult.Error, client.SetOption("TrustedCerts", "no PEM"));
        Assert.Equal(IotHubClientResult.Ok, client.SetOption("tcp_keepalive", 1));
        Assert.Equal(IotHubClientResult.Ok, client.SetOption("tcp_keepalive_time", 30));
        Assert.Equal(IotHubClientResult.Ok, client.SetOption("logtrace", true));
        string detail = "";
        client.SetConnectionStatusCallback((change, _) => detail = change.Detail);
        while (detail.Length == 0)
        {
            client.DoWork();
        }

        Assert.DoesNotContain("certificate", detail, StringComparison.Ordinal);
    }
}
