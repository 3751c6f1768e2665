using HubEmulator.Faults;
using HubEmulator.Identity;
using HubEmulator.Mqtt;
using HubEmulator.State;

namespace HubEmulator.Twins;

/// <summary>The service's hand on twins, whoever guides it: applies an update, makes it durable, and tells the connected and subscribed device of changed desired properties.</summary>
internal sealed class TwinWriter(StateFile state, FaultDesk faults, TimeProvider clock)
{
    private const int TooLarge = 413; // what devices hear; services hear of an invalid argument

    /// <summary>Merges or replaces tags and desired properties, both or neither.</summary>
    /// <param name="device">The device or module.</param>
    /// <param name="update">What to change.</param>
    /// <param name="replace">True replaces both parts, false merges.</param>
    /// <param name="ifMatch">The entity tag that the twin must have, or null for any.</param>
    public TwinFailure Update(Device device, TwinUpdate update, bool replace, string? ifMatch)
    {
        TwinFailure failure = device.Twin.Update(update, replace, ifMatch, clock.GetUtcNow(), (content, version) => Push(device, content.ToJsonString(), version));
        if (failure.Status == 0)
        {
            state.Touch(device.Id);
        }

        return failure.Status == TooLarge ? TwinFailure.Invalid(failure.Message) : failure;
    }

    /// <summary>Nobody but the connected device ever hears of it. A fault may lose it, which is only counted where it would have gone out.</summary>
    private void Push(Device device, string content, long version) => device.Session.WhileSubscribed(DeviceFilter.DesiredPushes, (link, acknowledged) =>
    {
        if (faults.Strike(HubFaultKind.LoseDesired, device.Id, HubFaultTargets.None) is null)
        {
            link.Publish($"$iothub/twin/PATCH/properties/desired/?$version={version}", System.Text.Encoding.UTF8.GetBytes(content), acknowledged);
        }
    });
}
