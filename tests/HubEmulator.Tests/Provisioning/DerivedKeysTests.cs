using HubEmulator.Identity;
using HubEmulator.Provisioning;

namespace HubEmulator.Tests.Provisioning;

public sealed class DerivedKeysTests
{
    private const string K = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private const string Published = "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==";

    [Theory]
    [InlineData(K, "sn-007", "54CJD1fmnlkmA/A62fmzztBIge/NyTeaS5FsXXWh2q4=")]
    [InlineData(K, "dev-01", "bjL5pGAzpMSXSbKyFlMNKcaL6ef5Hp/WAADRbdSnTBs=")]
    [InlineData(Published, "sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6", "Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=")]
    public void A_key_derives_from_the_group_and_the_registration_id(string group, string registrationId, string expected) =>
        Assert.Equal(expected, DerivedKeys.Of(group, registrationId));

    [Fact]
    public void Each_key_of_the_device_derives_from_one_of_the_group()
    {
        SymmetricKeys keys = DerivedKeys.Of(new SymmetricKeys(K, Published), "sn-007");

        Assert.Equal("54CJD1fmnlkmA/A62fmzztBIge/NyTeaS5FsXXWh2q4=", keys.Primary);
        Assert.Equal(DerivedKeys.Of(Published, "sn-007"), keys.Secondary);
        Assert.NotEqual(keys.Primary, keys.Secondary);
    }
}
