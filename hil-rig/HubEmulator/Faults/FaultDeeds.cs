using HubEmulator.Amqp;
using HubEmulator.Identity;
using HubEmulator.Mqtt;

namespace HubEmulator.Faults;

/// <summary>What faults do by themselves, at their beginning and between; the others wait for packets and requests to come by.</summary>
internal sealed class FaultDeeds(DeviceRegistry registry, DeviceGateway gateway, AmqpGateway services, Action<TimeSpan> beginOutage, TimeProvider clock)
{
    /// <summary>Acts at the beginning, and leaves with the fault what must be undone.</summary>
    public void Begin(RunningFault fault)
    {
        switch (fault.Fault.Kind)
        {
            case HubFaultKind.Drop:
                Drop(fault);
                break;
            case HubFaultKind.HalfOpen:
                Silence(fault);
                fault.Undo = () => gateway.Close(conversation => conversation.Faults.WasSilencedBy(fault), CloseReason.Fault); // nothing that was swallowed may be lost in a connection that goes on
                break;
            case HubFaultKind.ExpireTokens:
                gateway.Close(conversation => conversation.TokenHash is { } token && IsMeant(fault, conversation) && Spend(fault, token), CloseReason.TokenExpired);
                break;
            case HubFaultKind.Disable when registry.Find(fault.Fault.DeviceId!) is { Identity.Enabled: true } device && fault.Strikes():
                Disable(fault, device);
                break;
            case HubFaultKind.TakeOver when registry.Find(fault.Fault.DeviceId!) is { } device:
                var stranger = new Stranger(device, clock);
                fault.Undo = stranger.Leave;
                fault.Repeat = stranger.Connect;
                Repeat(fault);
                break;
            case HubFaultKind.Restart when fault.Strikes():
                beginOutage(fault.Fault.For);
                break;
            default:
                break;
        }
    }

    /// <summary>Acts once more.</summary>
    public void Repeat(RunningFault fault)
    {
        if (fault.Fault.Kind == HubFaultKind.Drop)
        {
            Drop(fault);
        }
        else if (fault.Repeat is { } again && fault.Strikes())
        {
            again();
        }
    }

    private void Drop(RunningFault fault)
    {
        gateway.Close(conversation => IsMeant(fault, conversation) && fault.Strikes(), CloseReason.Fault);
        if (fault.Covers(HubFaultProtocols.Amqp))
        {
            services.Drop(fault.Strikes);
        }
    }

    private static bool IsMeant(RunningFault fault, DeviceConversation conversation) => fault.Concerns(conversation.DeviceId) && fault.Covers(conversation.Faults.Protocol);

    private void Silence(RunningFault fault)
    {
        foreach (DeviceConversation conversation in gateway.Open)
        {
            if (conversation.IsConnected && IsMeant(fault, conversation) && fault.Strikes())
            {
                conversation.Faults.Silence(fault);
            }
        }
    }

    private static bool Spend(RunningFault fault, string token)
    {
        bool strikes = fault.Strikes();
        if (strikes)
        {
            fault.Spend(token);
        }

        return strikes;
    }

    /// <summary>Enables the device again at the end, unless somebody has changed it meanwhile.</summary>
    private void Disable(RunningFault fault, Device device)
    {
        DeviceIdentity before = device.Identity;
        registry.TryUpdate(device, null, before.Keys, enabled: false, "disabled by a fault");
        string disabled = device.Identity.ETag;
        fault.Undo = () => registry.TryUpdate(device, disabled, before.Keys, enabled: true, before.StatusReason);
    }
}
