using HubEmulator.Mqtt;

namespace HubEmulator.Tests.Mqtt;

public sealed class MqttUserNameTests
{
    [Theory]
    [InlineData("myhub.azure-devices.net/dev-01/?api-version=2021-04-12", null, "2021-04-12", null)]
    [InlineData("myhub.azure-devices.net/dev-01/modA/?api-version=2021-04-12", "modA", "2021-04-12", null)]
    [InlineData("myhub.azure-devices.net/dev-01/?api-version=2021-04-12&model-id=dtmi:com:example:Thermostat;1&DeviceClientType=node%2F1.0", null, "2021-04-12", "dtmi:com:example:Thermostat;1")]
    [InlineData("myhub.azure-devices.net/dev-01/?api-version=2020-09-30&DeviceClientType=c%2f1.0&model-id=dtmi%3Acom%3Aexample%3AThermostat%3B1", null, "2020-09-30", "dtmi:com:example:Thermostat;1")]
    [InlineData("myhub.azure-devices.net/dev-01/?DeviceClientType=a/b&api-version=2017-11-08-preview", null, "2017-11-08-preview", null)]
    [InlineData("myhub.azure-devices.net/dev-01/api-version=2016-11-14", null, "2016-11-14", null)]
    [InlineData("myhub.azure-devices.net/dev-01/api-version=2016-11-14&DeviceClientType=x", null, "2016-11-14", null)]
    [InlineData("myhub.azure-devices.net/dev-01", null, null, null)]
    public void Every_form_in_the_field_is_read(string text, string? module, string? version, string? model)
    {
        Assert.True(MqttUserName.TryParse(text, out MqttUserName userName));

        Assert.Equal(new MqttUserName("myhub.azure-devices.net", "dev-01", module, version, model), userName);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("myhub.azure-devices.net")]
    [InlineData("myhub.azure-devices.net/")]
    [InlineData("/dev-01/?api-version=2021-04-12")]
    [InlineData("myhub.azure-devices.net//?api-version=2021-04-12")]
    [InlineData("myhub.azure-devices.net/?api-version=2021-04-12")]
    [InlineData("myhub.azure-devices.net/dev-01/?api-version=")]
    [InlineData("myhub.azure-devices.net/dev-01/?api-version=2016-11-13")]
    [InlineData("myhub.azure-devices.net/dev-01/?api-version=2021-13-01")]
    [InlineData("myhub.azure-devices.net/dev-01/?DeviceClientType=x")]
    [InlineData("myhub.azure-devices.net/dev-01/modA/more/?api-version=2021-04-12")]
    public void What_fits_no_form_is_not_read(string? text) => Assert.False(MqttUserName.TryParse(text, out _));
}
