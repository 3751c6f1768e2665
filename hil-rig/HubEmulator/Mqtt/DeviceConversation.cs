using System.Text;
using HubEmulator.Provisioning;
using HubEmulator.Trust;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace HubEmulator.Mqtt;

/// <summary>The protocol of one connection: CONNECT first, then what an admitted device says, or one that registers; deadlines, and the will at its end. Called by the link's reader only.</summary>
internal sealed class DeviceConversation(DeviceLink link, PresentedCertificate? certificate, DeviceGateway gateway)
{
    private AdmittedConversation? _admission;
    private ProvisioningConversation? _provisioning; // instead of an admission
    private MqttConnectPacket? _connect;

    /// <summary>The faults on the way of its packets.</summary>
    public ConnectionFaults Faults { get; } = new(gateway.Faults, link.Protocol, gateway.Clock, link.SendNow);

    /// <summary>Tells its token from others; null without one, and before CONNECT.</summary>
    public string? TokenHash => Volatile.Read(ref _admission)?.Admission.TokenHash;

    public bool IsConnected => _admission is not null || _provisioning is not null;

    /// <summary>True once a device has been let in; a registration at the provisioning service is none.</summary>
    public bool IsAdmitted => _admission is not null;

    public string DeviceId => _admission?.Admission.Device.Id ?? _connect?.ClientId ?? "(nobody)";

    /// <summary>Handles a packet.</summary>
    /// <returns>None to go on, otherwise why the connection must end.</returns>
    public CloseReason Handle(MqttPacket packet)
    {
        if (_provisioning is not null)
        {
            return _provisioning.Handle(packet);
        }

        if (_admission is null)
        {
            return packet is MqttConnectPacket connect ? Connect(connect) : CloseReason.MalformedPacket;
        }

        return _admission.Handle(packet);
    }

    /// <summary>Answers a CONNECT of another protocol level.</summary>
    public CloseReason RefuseLevel(ConnectLevel level)
    {
        if (IsConnected || level == ConnectLevel.NotMqtt)
        {
            return CloseReason.MalformedPacket;
        }

        link.Send(new MqttConnAckPacket { ReturnCode = MqttConnectReturnCode.ConnectionRefusedUnacceptableProtocolVersion });
        return CloseReason.Refused;
    }

    /// <summary>Ends the connection if it is silent for too long or its token has run out.</summary>
    public void CheckDeadlines(DateTimeOffset now)
    {
        if (Faults.IsSilent)
        {
            return; // the hub has not noticed
        }

        CloseReason due = Volatile.Read(ref _admission) is { } admission
            ? DeviceDeadlines.Check(link.Idle, _connect!.KeepAlivePeriod, admission.Admission.Expires, now)
            : Volatile.Read(ref _provisioning) is not null
                ? DeviceDeadlines.CheckIdle(link.Idle, _connect!.KeepAlivePeriod)
                : DeviceDeadlines.CheckUnconnected(link.Idle);
        if (due != CloseReason.None)
        {
            link.Close(due);
        }
    }

    /// <summary>Tells the hub's log of an error that is its own.</summary>
    public void LogDefect(Exception defect) => gateway.LogFailed(DeviceId, defect);

    /// <summary>Ends the connection at once.</summary>
    public void Close(CloseReason reason) => link.Close(reason);

    /// <summary>Leaves the session and publishes the will if the client did not say goodbye.</summary>
    public void End()
    {
        Faults.Dispose();
        if (_admission?.Admission is not { } admission)
        {
            return;
        }

        admission.Device.Session.Detach(link, gateway.Now);
        if (link.Reason != CloseReason.Disconnected && _connect is { WillFlag: true } connect)
        {
            DeviceTopic topic = DeviceTopic.Parse(connect.WillTopic, admission.Device.Id);
            gateway.Intake.TryTake(admission.Source, topic.Bag, connect.WillMessage ?? [], FlagProperties.OfWill(connect));
        }
    }

    private CloseReason Connect(MqttConnectPacket connect)
    {
        if (gateway.Faults.Strike(HubFaultKind.Refuse, connect.ClientId, link.Protocol) is { } fault)
        {
            return Refuse(connect, $"fault {fault.Id}", (MqttConnectReturnCode)fault.Fault.ReturnCode);
        }

        if (ProvisioningUserName.TryParse(connect.Username, out ProvisioningUserName registering))
        {
            return ConnectToProvisioning(connect, registering);
        }

        string? refusal = gateway.Gate.Check(connect, certificate, out Admission admission);
        refusal ??= admission.TokenHash is { } token && gateway.Faults.IsSpent(token) ? "a fault has let the token expire" : null;
        if (refusal is not null)
        {
            return Refuse(connect, refusal);
        }

        _connect = connect;
        Volatile.Write(ref _admission, new AdmittedConversation(link, gateway, admission));
        admission.Device.Session.Attach(link, connect.CleanSession, admission, gateway.Now);
        gateway.LogConnected(admission.Device.Id, connect.CleanSession);
        gateway.ConnectionEvents.Append(gateway.Now, HubEventKind.Connected, admission.Device.Id);
        gateway.State.Touch(admission.Device.Id);
        gateway.Messages.Deliver(admission.Device);
        return gateway.IsCurrent(admission.Device) ? CloseReason.None : CloseReason.IdentityChanged; // deleted or disabled meanwhile
    }

    /// <summary>Every token is let in here, and every certificate with the right name: the answer to the register request says what is wrong with it.</summary>
    private CloseReason ConnectToProvisioning(MqttConnectPacket connect, ProvisioningUserName registering)
    {
        var caller = new ProvisioningCaller(
            registering.IdScope, RegistrationIds.AsRegistered(registering.RegistrationId), Encoding.UTF8.GetString(connect.Password ?? []), certificate);
        bool hasToken = !string.IsNullOrEmpty(caller.Token);
        if (!connect.ClientId.Equals(registering.RegistrationId, StringComparison.OrdinalIgnoreCase) || !(hasToken || caller.IsNamedByCertificate))
        {
            return Refuse(connect, "client id and user name name different registrations, or there is neither a token nor a certificate in the name of the registration");
        }

        _connect = connect;
        Volatile.Write(ref _provisioning, new ProvisioningConversation(link, gateway.Provisioning, caller));
        link.Send(new MqttConnAckPacket { ReturnCode = MqttConnectReturnCode.ConnectionAccepted });
        return CloseReason.None;
    }

    private CloseReason Refuse(MqttConnectPacket connect, string reason, MqttConnectReturnCode code = MqttConnectReturnCode.ConnectionRefusedNotAuthorized)
    {
        gateway.LogRefused(connect.ClientId, reason);
        gateway.ConnectionEvents.Append(gateway.Now, HubEventKind.Refused, connect.ClientId, reason);
        link.Send(new MqttConnAckPacket { ReturnCode = code });
        return CloseReason.Refused;
    }
}
