using System.Globalization;
using HubEmulator.Identity;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Identity;

public sealed class SasVerifierTests
{
    private const string K = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private const string P = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";
    private const string Unrelated = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string Upper = "SharedAccessSignature sr=myhub.azure-devices.net%2Fdevices%2Fdev-01&sig=JZInR%2FijJ2I1VZIn7kgMg36T7fMpqD4Xhg%2FWnTodkME%3D&se=1767225600";
    private static readonly DateTimeOffset Expiry = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Upper)]
    [InlineData("SharedAccessSignature sr=myhub.azure-devices.net%2fdevices%2fdev-01&sig=qYSvbJSN33g3EXSd%2BY74V0OcqrI94EEgC5%2FlnTEhpaM%3D&se=1767225600")]
    [InlineData("SharedAccessSignature sr=myhub.azure-devices.net/devices/dev-01&sig=y3MNqJ2OMWsRTu3ZxqL7kUC7W0HxNUz8v19qOgja2gQ%3D&se=1767225600")]
    [InlineData("SharedAccessSignature se=1767225600&sig=y3MNqJ2OMWsRTu3ZxqL7kUC7W0HxNUz8v19qOgja2gQ%3d&sr=myhub.azure-devices.net/devices/dev-01")] // other order, lower-case escape
    [InlineData("SharedAccessSignature sr=myhub.azure-devices.net/devices/dev-01&sig=y3MNqJ2OMWsRTu3ZxqL7kUC7W0HxNUz8v19qOgja2gQ=&se=1767225600&skn=")] // raw, and an empty policy
    public void The_received_text_of_the_resource_is_what_is_verified(string token)
    {
        Assert.True(Verifier().VerifyDevice(token, Device("dev-01", K, Unrelated)).Accepted);
        Assert.True(Verifier().VerifyDevice(token, Device("dev-01", Unrelated, K)).Accepted); // either key
    }

    [Fact]
    public void The_signature_belongs_to_one_spelling_of_the_resource()
    {
        string mixed = Upper.Replace("%2F", "%2f", StringComparison.Ordinal); // the signature of the upper-case form over the lower-case one

        Assert.False(Verifier().VerifyDevice(mixed, Device("dev-01", K, Unrelated)).Accepted);
    }

    [Fact]
    public void A_policy_token_as_the_Node_service_SDK_orders_it_opens_the_service_side()
    {
        const string Token = "SharedAccessSignature sr=myhub.azure-devices.net&sig=FZJwPkTlvtnodgtS%2FIQOFed8Fq2STDgZsn5i%2FOBm4Hk%3D&skn=iothubowner&se=1767225600";

        Assert.True(Verifier().VerifyService(Token, AccessRights.ServiceConnect, "twins/dev-01").Accepted);
        Assert.True(Verifier().VerifyService(Token, AccessRights.RegistryWrite, "devices/dev-01").Accepted);
        Assert.True(Verifier().VerifyDevice(Token, Device("dev-01", Unrelated, Unrelated)) is { Accepted: true, OfPolicy: true });
    }

    [Fact]
    public void The_device_policy_opens_every_device_and_not_the_registry()
    {
        const string Token = "SharedAccessSignature sr=myhub.azure-devices.net%2Fdevices&sig=16FYbDIft2dNzBsUh%2B93E%2BhUEWBhNw5RVaeXjoc7TYE%3D&se=1767225600&skn=device";

        Assert.True(Verifier().VerifyDevice(Token, Device("dev-01", Unrelated, Unrelated)).Accepted);
        Assert.True(Verifier().VerifyDevice(Token, Device("other", Unrelated, Unrelated)).Accepted);
        Assert.False(Verifier().VerifyService(Token, AccessRights.RegistryRead, "devices/dev-01").Accepted);
        Assert.False(Verifier().VerifyService(Token, AccessRights.DeviceConnect, "twins/dev-01").Accepted); // not below the resource
    }

    [Fact]
    public void A_device_id_with_special_characters_is_compared_decoded()
    {
        const string Token = "SharedAccessSignature sr=myhub.azure-devices.net%2Fdevices%2Fdev%3Aa%2Bb%25c%23d&sig=7fL0c%2FPL776mFzTsWdQ2VDoDEYqD87j4TG%2BnXup%2B9cc%3D&se=1767225600";

        Assert.True(Verifier().VerifyDevice(Token, Device("dev:a+b%c#d", K, Unrelated)).Accepted);
    }

    [Fact]
    public void A_modules_token_opens_the_module_and_neither_its_device_nor_another()
    {
        const string Token = "SharedAccessSignature sr=myhub.azure-devices.net%2Fdevices%2Fdev-01%2Fmodules%2FmodA&sig=sa%2Bw7o61rNDb0spW%2FTxcU7TqKvA2w6eSL%2BvtOUe6UVs%3D&se=1767225600";

        Assert.True(Verifier().VerifyDevice(Token, Device("dev-01/modA", K, Unrelated)).Accepted);
        Assert.False(Verifier().VerifyDevice(Token, Device("dev-01/modAB", K, Unrelated)).Accepted);
        Assert.False(Verifier().VerifyDevice(Token, Device("dev-01", K, Unrelated)).Accepted);
    }

    [Theory]
    [InlineData("myhub.azure-devices.net%2Fdevices%2Fdev-01%2Fmodules%2FmodA", "sa%2Bw7o61rNDb0spW%2FTxcU7TqKvA2w6eSL%2BvtOUe6UVs%3D")]
    [InlineData("0ne00AAAAAA/registrations/sn-007", "njCH1H7TNdEva9SpXZFzdalVOyvgWTNnreb4SzjMLVU%3D")]
    [InlineData("0ne00AAAAAA%2Fregistrations%2Fsn-007", "ialyQvxellmC87F%2FO2AIVuuXun2JvJyTDBYTR24SfDA%3D")]
    [InlineData("0ne00AAAAAA%2fregistrations%2fsn-007", "SAi0U5jYKZCd5MZDzupq5szeuORakPqjStAUVvBtYgw%3D")]
    public void Signatures_of_other_resources_are_verified_alike(string resource, string signature)
    {
        Assert.True(SasToken.TryParse($"SharedAccessSignature sr={resource}&sig={signature}&se=1767225600", out SasToken token));

        Assert.True(new SymmetricKeys(Unrelated, K).HaveSigned(token.StringToSign, token.Signature));
        Assert.False(new SymmetricKeys(Unrelated, P).HaveSigned(token.StringToSign, token.Signature));
    }

    [Fact]
    public void A_resource_covers_whole_segments_only()
    {
        Assert.True(SasToken.TryParse(Upper, out SasToken token));

        Assert.True(token.Covers(new HubHosts("MYHUB.azure-devices.net"), "devices/dev-01"));
        Assert.True(token.Covers(new HubHosts("myhub.azure-devices.net"), "devices/dev-01/modules/m"));
        Assert.False(token.Covers(new HubHosts("myhub.azure-devices.net"), "devices/dev-011"));
        Assert.False(token.Covers(new HubHosts("myhub.azure-devices.net"), "devices/dev-0"));
        Assert.False(token.Covers(new HubHosts("other.azure-devices.net"), "devices/dev-01"));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void A_token_counts_as_expired_five_minutes_late(int secondsAfterExpiry, bool accepted)
    {
        SasVerifier verifier = Verifier(Expiry.AddSeconds(secondsAfterExpiry));

        Assert.Equal(accepted, verifier.VerifyDevice(Upper, Device("dev-01", K, Unrelated)).Accepted);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sr=a&sig=b&se=1")]
    [InlineData("SharedAccessSignature  sr=a&sig=AAAA&se=1")] // two blanks: the first member is not sr
    [InlineData("SharedAccessSignature sr=a&sig=AAAA")]
    [InlineData("SharedAccessSignature sr=a&sig=AAAA&se=soon")]
    [InlineData("SharedAccessSignature sr=a&sig=AAAA&se=-1")]
    [InlineData("SharedAccessSignature sr=a&sig=AAAA&se=1767225600000")] // milliseconds
    [InlineData("SharedAccessSignature sr=a&sig=not base64!&se=1")]
    [InlineData("SharedAccessSignature")]
    public void What_is_no_token_is_not_read(string? text) => Assert.False(SasToken.TryParse(text, out _));

    [Fact]
    public void Every_truncation_of_a_token_is_refused()
    {
        for (int length = 0; length < Upper.Length; length++)
        {
            bool accepted = Verifier().VerifyDevice(Upper[..length], Device("dev-01", K, Unrelated)).Accepted;

            Assert.False(accepted, string.Create(CultureInfo.InvariantCulture, $"the first {length} characters"));
        }
    }

    [Fact]
    public void A_token_is_never_in_the_text_of_its_keys() =>
        Assert.DoesNotContain(K, Device("dev-01", K, Unrelated).ToString(), StringComparison.Ordinal);

    private static SasVerifier Verifier(DateTimeOffset? now = null)
    {
        Dictionary<string, AccessPolicy> policies = AccessPolicy.BuiltIn.ToDictionary(
            pair => pair.Key, pair => new AccessPolicy(pair.Key, pair.Value, new SymmetricKeys(P, Unrelated)), StringComparer.Ordinal);
        return new SasVerifier(new HubHosts("myhub.azure-devices.net"), policies, new FakeTimeProvider(now ?? Expiry.AddHours(-1)));
    }

    private static DeviceIdentity Device(string id, string primary, string secondary) =>
        new() { Id = id, GenerationId = "1", Credentials = DeviceCredentials.Of(new SymmetricKeys(primary, secondary)) };
}
