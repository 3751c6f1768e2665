using HubEmulator.Identity;

namespace HubEmulator.Mqtt;

/// <summary>The topic filters that a device may subscribe to; any other ends the connection.</summary>
internal static class DeviceFilter
{
    public const string TwinAnswers = "$iothub/twin/res/#";
    public const string DesiredPushes = "$iothub/twin/PATCH/properties/desired/#";
    public const string MethodCalls = "$iothub/methods/POST/#";

    public static string CloudToDevice(string deviceId) => $"devices/{deviceId}/messages/devicebound/#";

    /// <param name="filter">The filter.</param>
    /// <param name="identity">The device, or <c>{device}/{module}</c>. A module gets inputs in place of cloud-to-device messages; nothing here sends any.</param>
    public static bool IsAllowed(string filter, string identity) =>
        filter is TwinAnswers or DesiredPushes or MethodCalls
        || (DeviceIds.ModuleOf(identity) is null
            ? filter == CloudToDevice(identity)
            : filter == $"{DeviceIds.PathOf(identity)}/inputs/#" || filter == $"{DeviceIds.PathOf(identity)}/#");
}
