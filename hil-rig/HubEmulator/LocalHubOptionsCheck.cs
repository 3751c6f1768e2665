using HubEmulator.Identity;

namespace HubEmulator;

/// <summary>The ranges of the options, told one fault at a time.</summary>
internal static class LocalHubOptionsCheck
{
    /// <exception cref="LocalHubException">An option is out of its range.</exception>
    public static void Demand(LocalHubOptions options)
    {
        bool isName = Uri.CheckHostName(options.HostName) == UriHostNameType.Dns && options.HostName.Contains('.', StringComparison.Ordinal);
        Demand(isName, $"HostName '{options.HostName}' must be a host name with a dot, such as hub.localhost.");
        Demand(options.MqttPort is >= 0 and <= 65_535, $"MqttPort {options.MqttPort} must be 0 to 65535.");
        Demand(options.HttpsPort is >= 0 and <= 65_535, $"HttpsPort {options.HttpsPort} must be 0 to 65535.");
        Demand(options.MqttPort == 0 || options.MqttPort != options.HttpsPort, $"MqttPort and HttpsPort are both {options.MqttPort}; they must differ.");
        Demand(options.Devices.Count <= DeviceRegistry.MostDevices, $"A hub holds at most {DeviceRegistry.MostDevices} devices.");
        foreach (LocalDevice device in options.Devices)
        {
            Demand(DeviceIds.AreValid(device.Id), $"Device id '{device.Id}' must be 1 to {DeviceIds.MaximumLength} characters: letters, digits and - . % _ * ? ! ( ) , : = @ $ ' + #");
            Demand(device.PrimaryKey is null || SymmetricKeys.IsValid(device.PrimaryKey), $"The key of device '{device.Id}' must be base64 of 16 to 64 bytes.");
        }
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new LocalHubException(LocalHubFault.InvalidOption, otherwise);
        }
    }
}
