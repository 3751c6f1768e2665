using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Quirks of the reference around connection strings and what an identity calls itself.</summary>
public sealed class QuirkIdentityTests
{
    private const string Key = "SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    [Theory]
    [InlineData("HostName=;DeviceId=d;" + Key, "HostName has no value")] // taken there for a host of the name DeviceId=d
    [InlineData("HostName=h.example;DeviceId=d;" + Key + ";GatewayHostName=", "GatewayHostName has no value")] // ends the parsing there
    [InlineData("HostName=h.example;DeviceId=d;" + Key + ";x509=false", "exclude each other")] // ends the parsing there, the key counts
    [InlineData("HostName=h.example;DeviceId=d;x509=1", "x509 takes the value true only")]
    [InlineData("HostName=h.example;DeviceId=d;DeviceId=e;" + Key, "DeviceId stands there twice")] // the last one wins there
    [InlineData("hostname=h.example;DeviceId=d;" + Key, "HostName is missing")]
    [InlineData(" HostName=h.example;DeviceId=d;" + Key, "HostName is missing")]
    [InlineData("HostName=h.example;DeviceId=d;UseProvisioning=true", "UseProvisioning is not supported")]
    [InlineData("HostName=h.example;DeviceId=d;SharedAccessKey=AAAA=", "SharedAccessKey is not base64")] // only the length is looked at there
    [InlineData("HostName=h.example;DeviceId=d;=x;" + Key, "Name=Value")]
    public void Q33_a_connection_string_is_parsed_strictly_and_the_reason_is_given(string text, string expected)
    {
        FormatException thrown = Assert.Throws<FormatException>(() => IotHubClientLL.CreateFromConnectionString(text));

        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Q35_product_and_model_come_too_late_after_the_first_attempt_and_say_so()
    {
        using var rig = new ClientRig();
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SetOption("product_info", "first/1"));
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SetOption("product_info", "second/2")); // Until then it may be set again.
        rig.Client.DoWork();

        Assert.Equal(IotHubClientResult.Error, rig.Client.SetOption("product_info", "late/3"));
        Assert.Equal(IotHubClientResult.Error, rig.Client.SetOption("model_id", "dtmi:com:example:Late;1"));
        rig.Reconnect();

        Assert.Equal(2, rig.Hub.Opened.Count);
        Assert.All(rig.Hub.Opened, request => Assert.Contains("DeviceClientType=second%2f2", request.UserName, StringComparison.Ordinal));
        Assert.All(rig.Hub.Opened, request => Assert.DoesNotContain("model-id", request.UserName, StringComparison.Ordinal));
    }
}
