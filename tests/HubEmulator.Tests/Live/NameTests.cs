using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace HubEmulator.Tests.Live;

/// <summary>The names under which a client reaches the hub, without setting anything up but trust.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("hub.localhost", "hub.localhost")]
    [InlineData("hub.localhost", "localhost")]
    [InlineData("hub.localhost", "127.0.0.1")]
    [InlineData("hub.localhost", "::1")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("127.0.0.5", "127.0.0.5")]
    public async Task The_certificate_covers_every_name_of_the_hub(string hostName, string dialled)
    {
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { HostName = hostName });
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, hub.Hub.MqttPort, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream());

        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = dialled, CertificateChainPolicy = hub.Trust() }, TestContext.Current.CancellationToken);

        Assert.True(tls.IsAuthenticated);
    }

    [Fact]
    public async Task A_name_that_is_not_the_hubs_is_not_covered()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, hub.Hub.MqttPort, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream());

        await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(() => tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "other.localhost", CertificateChainPolicy = hub.Trust() }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_device_connects_to_a_hub_that_is_named_by_its_address()
    {
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { HostName = "127.0.0.1", Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)] });

        await using TestDevice device = await hub.ConnectAsync();

        Assert.Equal($"HostName=127.0.0.1;DeviceId=dev-01;SharedAccessKey={TestHub.Key}", hub.Hub.DeviceConnectionString("dev-01"));
        Assert.Equal(MQTTnet.MqttClientConnectResultCode.Success, device.Connected.ResultCode);
    }
}
