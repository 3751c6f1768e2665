using HubEmulator.Identity;

namespace HubEmulator.Tests.Identity;

public sealed class HubHostsTests
{
    private readonly HubHosts _hosts = new("hub.localhost");

    [Theory]
    [InlineData("hub.localhost")]
    [InlineData("HUB.LocalHost:8883")]
    [InlineData("localhost")]
    [InlineData("localhost:18883")]
    [InlineData("127.0.0.1:443")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:443")]
    public void Its_own_names_with_or_without_a_port_are_the_hubs(string host) => Assert.True(_hosts.Contains(host));

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("[")]
    [InlineData("hub.localhost:port")]
    [InlineData("hub.localhost:99999")]
    [InlineData("hub")]
    [InlineData("myhub.azure-devices.net")]
    [InlineData("127.0.0.2")]
    public void Other_names_are_not(string host) => Assert.False(_hosts.Contains(host));
}
