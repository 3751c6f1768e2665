using Node.HubClient.Protocol;

namespace Node.HubClient.Tests.Protocol;

public sealed class DeviceConnectionStringTests
{
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    [Fact]
    public void Parts_come_in_any_order_and_a_value_may_hold_equal_signs()
    {
        DeviceConnectionString parsed = DeviceConnectionString.Parse($"SharedAccessKey={Key};DeviceId=dev1;HostName=contoso.azure-devices.net;");

        Assert.Equal("contoso.azure-devices.net", parsed.Identity.HostName);
        Assert.Equal("dev1", parsed.Identity.DeviceId);
        Assert.Equal("0123456789abcdef0123456789abcdef"u8.ToArray(), parsed.Key);
        Assert.Null(parsed.GatewayHostName);
    }

    [Fact]
    public void A_gateway_and_unknown_keys_are_taken()
    {
        DeviceConnectionString parsed = DeviceConnectionString.Parse($"HostName=h.example;DeviceId=d;SharedAccessKey={Key};GatewayHostName=edge;Fancy=1");

        Assert.Equal("edge", parsed.GatewayHostName);
    }

    [Theory]
    [InlineData("DeviceId=d;SharedAccessKey=QUJD", "HostName is missing")]
    [InlineData("HostName=h.example;SharedAccessKey=QUJD", "DeviceId is missing")]
    [InlineData("HostName=h.example;DeviceId=d", "SharedAccessKey is missing")]
    [InlineData("HostName=;DeviceId=d;SharedAccessKey=QUJD", "HostName has no value")]
    [InlineData("HostName=h.example;DeviceId=d;SharedAccessKey=se*ret", "SharedAccessKey is not base64")]
    [InlineData("HostName=https://h;DeviceId=d;SharedAccessKey=QUJD", "HostName is not a host name")]
    [InlineData("HostName=h.example;DeviceId=a b;SharedAccessKey=QUJD", "DeviceId holds the character U+0020")]
    [InlineData("HostName=h.example;HostName=h.example;DeviceId=d;SharedAccessKey=QUJD", "HostName stands there twice")]
    [InlineData("HostName=h.example;DeviceId=d;SharedAccessKey=QUJD;SharedAccessSignature=s", "exclude each other")]
    [InlineData("HostName=h.example;DeviceId=d;x509=yes", "x509 takes the value true only")]
    [InlineData("HostName=h.example;DeviceId=d;SharedAccessKey=QUJD;ModuleId=a b", "ModuleId holds the character U+0020")]
    [InlineData("no pairs at all", "Name=Value")]
    public void What_is_wrong_is_named_by_its_part(string text, string expected)
    {
        FormatException thrown = Assert.Throws<FormatException>(() => DeviceConnectionString.Parse(text));

        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("se*ret", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_id_of_129_characters_is_refused()
    {
        FormatException thrown = Assert.Throws<FormatException>(() => DeviceConnectionString.Parse($"HostName=h.example;DeviceId={new string('d', 129)};SharedAccessKey={Key}"));

        Assert.Contains("129 characters", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_text_holds_no_secret() =>
        Assert.Equal("d at h.example", DeviceConnectionString.Parse($"HostName=h.example;DeviceId=d;SharedAccessKey={Key}").ToString());

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Mutated_strings_are_parsed_or_refused_and_nothing_else(int seed)
    {
        var random = new Random(seed);
        string valid = $"HostName=h.example;DeviceId=d;SharedAccessKey={Key};GatewayHostName=edge";
        for (int round = 0; round < 2_000; round++)
        {
            char[] text = valid.ToCharArray();
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                text[random.Next(text.Length)] = (char)random.Next(1, 128);
            }

            Exception? thrown = Record.Exception(() => DeviceConnectionString.Parse(new string(text)));

            Assert.True(thrown is null or FormatException, $"seed {seed}: {new string(text)} gave {thrown}");
        }
    }
}
