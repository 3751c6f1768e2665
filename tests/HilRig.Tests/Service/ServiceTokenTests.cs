using HilRig.Service;

namespace HilRig.Tests.Service;

public sealed class ServiceTokenTests
{
    private const string Key = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    [Fact]
    public void It_signs_as_the_service_sdks_do()
    {
        ServiceToken token = ServiceToken.FromConnectionString($"HostName=myhub.azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey={Key}");

        string signed = token.Sign(DateTimeOffset.FromUnixTimeSeconds(1767225600));

        Assert.Equal(
            "SharedAccessSignature sr=myhub.azure-devices.net&sig=FZJwPkTlvtnodgtS%2FIQOFed8Fq2STDgZsn5i%2FOBm4Hk%3D&se=1767225600&skn=iothubowner",
            signed);
    }

    [Theory]
    [InlineData("", "HostName")]
    [InlineData("HostName=h;SharedAccessKey=AAAA", "SharedAccessKeyName")]
    [InlineData("HostName=h;SharedAccessKeyName=n", "SharedAccessKey")]
    [InlineData("HostName=h;SharedAccessKeyName=n;SharedAccessKey=sesame!", "SharedAccessKey is not base64")]
    public void A_bad_connection_string_names_the_part_and_never_the_key(string text, string expected)
    {
        RigException fault = Assert.Throws<RigException>(() => ServiceToken.FromConnectionString(text));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", fault.ToString(), StringComparison.Ordinal);
    }
}
