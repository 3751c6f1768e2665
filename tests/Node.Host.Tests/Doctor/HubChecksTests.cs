using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Node.Host.Configuration;
using Node.Host.Doctor;
using Node.Host.Tests.TestKit;
using Node.HubClient;

namespace Node.Host.Tests.Doctor;

public sealed class HubChecksTests
{
    private const string Key = "dmVyeXNlY3JldGtleTEyMw==";

    [Fact]
    public async Task A_hub_with_a_trusted_certificate_and_the_same_time_is_well()
    {
        using X509Certificate2 certificate = Certificate(days: 400);
        await using LoopbackHttp server = await LoopbackHttp.StartAsync(certificate, TimeProvider.System.GetUtcNow());
        HubOptions hub = Hub(server.Port, certificate);

        Assert.Equal("ok", (await RunAsync(hub, "hub-name")).Result);
        Assert.Equal("MQTT at localhost:" + server.Port + " answers with a certificate that is trusted", (await RunAsync(hub, "hub-mqtt")).Text);
        Assert.Equal("ok", (await RunAsync(hub, "hub-https")).Result);
        Assert.Equal("ok", (await RunAsync(hub, "hub-clock")).Result);
        Assert.Equal(("ok", "none"), ((await RunAsync(hub, "hub-proxy")).Result, (await RunAsync(hub, "hub-proxy")).Text));
    }

    [Theory]
    [InlineData(-10, "error", "behind")]
    [InlineData(-2, "warning", "behind")]
    [InlineData(10, "error", "ahead of")]
    public async Task A_clock_that_differs_from_the_hubs_is_told(int minutes, string expected, string text)
    {
        using X509Certificate2 certificate = Certificate(days: 400);
        await using LoopbackHttp server = await LoopbackHttp.StartAsync(certificate, TimeProvider.System.GetUtcNow().AddMinutes(-minutes));

        CheckResult result = await RunAsync(Hub(server.Port, certificate), "hub-clock");

        Assert.Equal(expected, result.Result);
        Assert.Contains(text, result.Text, StringComparison.Ordinal);
        Assert.Contains("set-ntp true", result.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_and_one_that_ends_soon_are_told()
    {
        using X509Certificate2 certificate = Certificate(days: 10);
        using X509Certificate2 other = Certificate(days: 400);
        await using LoopbackHttp server = await LoopbackHttp.StartAsync(certificate);

        CheckResult untrusted = await RunAsync(Hub(server.Port, other), "hub-mqtt");
        CheckResult soon = await RunAsync(Hub(server.Port, certificate), "hub-mqtt");

        Assert.Equal(("error", "warning"), (untrusted.Result, soon.Result));
        Assert.Contains("Node:Hub:TrustedRootsFile", untrusted.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, untrusted.Text + untrusted.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_names_the_firewall_and_the_way_around()
    {
        using X509Certificate2 certificate = Certificate(days: 400);
        HubOptions hub = Hub(FreePort(), certificate);

        CheckResult mqtt = await RunAsync(hub, "hub-mqtt");

        Assert.Equal("error", mqtt.Result);
        Assert.Contains("mqttWebSocket", mqtt.Remedy, StringComparison.Ordinal);
        Assert.Equal("warning", (await RunAsync(hub, "hub-clock")).Result);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_an_error()
    {
        HubOptions hub = new() { ConnectionString = $"HostName=no-such-hub.invalid;DeviceId=d;SharedAccessKey={Key}" };

        Assert.Equal("error", (await RunAsync(hub, "hub-name")).Result);
    }

    [Fact]
    public async Task A_proxy_that_does_not_answer_is_an_error_and_without_a_hub_nothing_is_asked()
    {
        using X509Certificate2 certificate = Certificate(days: 400);
        HubOptions hub = Hub(FreePort(), certificate) with { Proxy = new HttpProxy { Host = "127.0.0.1", Port = FreePort() } };

        Assert.Equal("error", (await RunAsync(hub, "hub-proxy")).Result);
        Assert.Equal("ok", (await RunAsync(new HubOptions(), "hub")).Result);
    }

    [Fact]
    public async Task A_provisioning_service_that_cannot_be_reached_is_an_error()
    {
        HubOptions hub = new()
        {
            Dps = new DpsOptions { Config = new HubClient.DpsConfig { HostName = "127.0.0.1", IdScope = "0ne1", RegistrationId = "sn", SymmetricKey = Key }, Port = FreePort() },
        };

        CheckResult found = await RunAsync(hub, "dps");

        Assert.Equal("error", found.Result);
        Assert.Contains("firewall", found.Remedy, StringComparison.Ordinal);
        Assert.Equal("ok", (await RunAsync(hub, "hub")).Result);
    }

    private static Task<CheckResult> RunAsync(HubOptions hub, string check) => DoctorRig.RunAsync(new HubChecks(hub, TimeProvider.System).All(), check);

    private static HubOptions Hub(int port, X509Certificate2 root) => new()
    {
        ConnectionString = $"HostName=localhost;DeviceId=d;SharedAccessKey={Key}",
        Port = port,
        HttpsPort = port,
        TrustedRootsPem = root.ExportCertificatePem(),
    };

    private static X509Certificate2 Certificate(int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=localhost, O={Guid.NewGuid()}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(days));
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
