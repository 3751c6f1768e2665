namespace HubEmulator.Mqtt;

/// <summary>The topic filters that a device may subscribe to; any other ends the connection.</summary>
internal static class DeviceFilter
{
    public const string TwinAnswers = "$iothub/twin/res/#";
    public const string DesiredPushes = "$iothub/twin/PATCH/properties/desired/#";
    public const string MethodCalls = "$iothub/methods/POST/#";

    public static string CloudToDevice(string deviceId) => $"devices/{deviceId}/messages/devicebound/#";

    public static bool IsAllowed(string filter, string deviceId) =>
        filter is TwinAnswers or DesiredPushes or MethodCalls || filter == CloudToDevice(deviceId);
}
