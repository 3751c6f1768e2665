using System.Text;
using Node.HubClient.Protocol;

namespace Node.HubClient.Tests;

public sealed class ModuleTests
{
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static readonly HubIdentity Module = new("contoso.azure-devices.net", "dev1", "mod1");

    [Fact]
    public void A_module_has_a_name_a_scope_and_topics_of_its_own()
    {
        Assert.Equal("dev1/mod1", Module.ClientId);
        Assert.Equal("contoso.azure-devices.net/devices/dev1/modules/mod1", Module.TokenScope);
        Assert.StartsWith("contoso.azure-devices.net/dev1/mod1/?api-version=", Module.UserNameFor("x", null), StringComparison.Ordinal);
        var topic = new Utf8Builder(stackalloc byte[100]);
        new TelemetryTopic(Module.TopicPath, true).Build(new TelemetryMessage(default) { OutputName = "out" }, TimeProvider.System, ref topic);
        Assert.Equal("devices/dev1/modules/mod1/messages/events/%24.on=out", Encoding.UTF8.GetString(topic.Written));
    }

    [Fact]
    public void The_token_is_the_one_of_the_specification()
    {
        byte[] key = Convert.FromBase64String(Key);

        string token = SasToken.Create(Module.TokenScope, data => System.Security.Cryptography.HMACSHA256.HashData(key, data), DateTimeOffset.FromUnixTimeSeconds(1_700_003_600));

        Assert.Equal("SharedAccessSignature sr=contoso.azure-devices.net/devices/dev1/modules/mod1&sig=JO%2bIf3rCb40%2fsRLZ6GhVwrPBd7fTpJgZPjM%2fdlmF94o%3d&se=1700003600", token);
    }

    [Fact]
    public void A_module_has_no_cloud_to_device_messages_and_no_uploads()
    {
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString($"HostName=contoso.azure-devices.net;DeviceId=dev1;ModuleId=mod1;SharedAccessKey={Key}");

        Assert.Equal(IotHubClientResult.Error, client.SetMessageCallback((_, _) => MessageDisposition.Accepted));
        Assert.Equal(IotHubClientResult.Error, client.UploadToBlob("x", new byte[1]));
    }

    [Theory]
    [InlineData("localhost", "localhost", 8883)]
    [InlineData("localhost:18883", "localhost", 18883)]
    [InlineData("::1", "::1", 8883)]
    public void A_gateway_may_name_a_port(string gateway, string host, int port) =>
        Assert.Equal(new Node.HubClient.Transport.LinkEndpoint(host, port), Node.HubClient.Transport.LinkEndpoint.Parse(gateway, 8883));

    [Theory]
    [InlineData("localhost:")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:x")]
    public void A_gateway_with_a_port_that_is_none_is_refused(string gateway) =>
        Assert.Throws<FormatException>(() => IotHubClientLL.CreateFromConnectionString($"HostName=a.b;DeviceId=d;SharedAccessKey={Key};GatewayHostName={gateway}"));

    [Fact]
    public void A_security_message_is_marked_as_in_the_specification()
    {
        var topic = new Utf8Builder(stackalloc byte[200]);

        new TelemetryTopic("dev1", false).Build(new TelemetryMessage(default) { IsSecurityMessage = true }, TimeProvider.System, ref topic);

        Assert.EndsWith("events/%24.ce=application%2fjson&%24.ifid=urn%3aazureiot%3aSecurity%3aSecurityAgent%3a1", Encoding.UTF8.GetString(topic.Written), StringComparison.Ordinal);
    }
}
