using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Transport;

/// <summary>Where a link goes, and that no name, however odd, gets further than its check or a status.</summary>
public sealed class LinkEndpointTests
{
    private const string Identity = "HostName=hub.localhost;DeviceId=dev1;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    [Theory]
    [InlineData("edge", "edge", 8883)]
    [InlineData("edge.example:18883", "edge.example", 18883)]
    [InlineData("192.0.2.1:1", "192.0.2.1", 1)]
    [InlineData("::1", "::1", 8883)]
    [InlineData("[::1]", "::1", 8883)]
    [InlineData("[2001:db8::7]:65535", "2001:db8::7", 65535)]
    public void A_name_or_an_address_may_carry_a_port(string text, string host, int port) =>
        Assert.Equal(new LinkEndpoint(host, port), LinkEndpoint.Parse(text, 8883));

    [Theory]
    [InlineData("edge:0")]
    [InlineData("edge:65536")]
    [InlineData("edge:")]
    [InlineData("edge:x")]
    [InlineData("https://edge")]
    [InlineData("two words")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    [InlineData("[edge]:1")]
    [InlineData("1::2::3")]
    [InlineData(":1")]
    public void What_is_no_host_is_refused_at_creation_and_named(string gateway)
    {
        FormatException thrown = Assert.Throws<FormatException>(() => IotHubClientLL.CreateFromConnectionString($"{Identity};GatewayHostName={gateway}"));

        Assert.Contains("GatewayHostName", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => IotHubClientLL.Create(new DeviceConfig { HostName = "hub.localhost", DeviceId = "dev1", SharedAccessKey = "QUJD", GatewayHostName = gateway }));
    }

    [Fact]
    public void A_name_that_the_resolver_will_not_even_look_at_is_a_lost_attempt_and_no_exception()
    {
        string tooLong = string.Join('.', Enumerable.Repeat(new string('a', 60), 5));
        string? detail = null;
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString($"{Identity};GatewayHostName={tooLong}");
        client.SetConnectionStatusCallback((change, _) => detail ??= change.Detail);

        long start = TimeProvider.System.GetTimestamp();
        while (detail is null && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
        {
            client.DoWork();
        }

        Assert.Contains("cannot be resolved", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_IPv6_address_stands_in_brackets_in_the_WebSockets_request()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "this machine has no IPv6");
        using var stream = new MemoryStream();

        _ = new WebSocketUpgrade(stream, new LinkEndpoint("::1", 8443));
        await stream.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Contains("\r\nHost: [::1]:8443\r\n", System.Text.Encoding.ASCII.GetString(stream.ToArray()), StringComparison.Ordinal);
    }
}
