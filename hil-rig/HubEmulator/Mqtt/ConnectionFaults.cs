using System.Buffers;
using HubEmulator.Faults;
using MQTTnet.Packets;

namespace HubEmulator.Mqtt;

/// <summary>The faults on the way of one connection's packets: silence, lateness, repetition, damage. Without an active fault packets pass untouched.</summary>
/// <param name="desk">The faults.</param>
/// <param name="protocol">What the connection came over.</param>
/// <param name="clock">The clock of lateness.</param>
/// <param name="release">Takes packets that have been held back.</param>
internal sealed class ConnectionFaults(FaultDesk desk, HubFaultProtocols protocol, TimeProvider clock, Action<MqttPacket> release) : IDisposable
{
    private readonly Lock _guard = new();
    private volatile RunningFault? _silencer;
    private LatePackets? _late; // all packets, one after the other
    private LatePackets? _lateAcknowledgements; // in front of it

    public HubFaultProtocols Protocol => protocol;

    /// <summary>The client id, once a CONNECT has named it.</summary>
    public string? ClientId { get; private set; }

    /// <summary>True when the connection carries nothing any more; it ends with the fault that silenced it.</summary>
    public bool IsSilent => _silencer is not null;

    public bool WasSilencedBy(RunningFault fault) => _silencer == fault;

    /// <summary>Lets the connection carry nothing from now on.</summary>
    public void Silence(RunningFault fault) => _silencer = fault;

    /// <summary>Learns whose connection it is.</summary>
    public void Meet(string clientId)
    {
        ClientId ??= clientId;
        if (desk.Find(HubFaultKind.HalfOpen, clientId, protocol) is { Fault.OnlyOpen: false } fault && fault.Strikes())
        {
            Silence(fault);
        }
    }

    /// <summary>Holds back a packet that is to come late; it goes to the receiver of released packets when it is due.</summary>
    /// <returns>False when it may go at once.</returns>
    public bool TryHold(MqttPacket packet)
    {
        if (desk.IsQuiet && _late is null && _lateAcknowledgements is null)
        {
            return false;
        }

        lock (_guard)
        {
            return (packet is MqttPubAckPacket && TryHold(HubFaultKind.SlowAcknowledgement, packet, ref _lateAcknowledgements, HoldOrRelease))
                || TryHold(HubFaultKind.Delay, packet, ref _late, release);
        }
    }

    /// <summary>Writes a packet as the faults would have it.</summary>
    /// <returns>How many bytes were written.</returns>
    public int Write(MqttPacket packet, MqttCodec codec, IBufferWriter<byte> output)
    {
        if (IsSilent)
        {
            return 0;
        }

        if (desk.IsQuiet)
        {
            return codec.Encode(packet, output);
        }

        int bytes = WriteOnce(packet, codec, output);
        HubFaultTargets target = packet is MqttPubAckPacket ? HubFaultTargets.Acknowledgements : IsMessage(packet) ? HubFaultTargets.Messages : HubFaultTargets.None;
        if (target != HubFaultTargets.None && desk.StrikeDouble(ClientId, protocol, target))
        {
            if (packet is MqttPublishPacket { PacketIdentifier: not 0 } publish)
            {
                publish.Dup = true;
            }

            bytes += WriteOnce(packet, codec, output);
        }

        return bytes;
    }

    /// <summary>Damages what has come, if a fault wants it.</summary>
    public MqttFrame Damage(in MqttFrame frame)
    {
        if (desk.IsQuiet || desk.Find(HubFaultKind.Corrupt, ClientId, protocol) is not { } fault || !fault.Fault.Direction.HasFlag(HubFaultDirections.ToHub))
        {
            return frame;
        }

        byte[] body = frame.Body.ToArray();
        fault.Corrupt(body);
        return new MqttFrame(frame.Header, new ReadOnlySequence<byte>(body));
    }

    public void Dispose()
    {
        lock (_guard)
        {
            _late?.Dispose();
            _lateAcknowledgements?.Dispose();
        }
    }

    private void HoldOrRelease(MqttPacket packet)
    {
        lock (_guard)
        {
            if (!TryHold(HubFaultKind.Delay, packet, ref _late, release))
            {
                release(packet);
            }
        }
    }

    private bool TryHold(HubFaultKind kind, MqttPacket packet, ref LatePackets? held, Action<MqttPacket> next)
    {
        RunningFault? fault = desk.Strike(kind, ClientId, protocol);
        if (fault is null && held is null or { IsEmpty: true })
        {
            return false;
        }

        held ??= new LatePackets(_guard, clock, next);
        held.Hold(packet, fault?.DrawLateness() ?? TimeSpan.Zero);
        return true;
    }

    private int WriteOnce(MqttPacket packet, MqttCodec codec, IBufferWriter<byte> output)
    {
        if (desk.Find(HubFaultKind.Corrupt, ClientId, protocol) is not { } fault || !fault.Fault.Direction.HasFlag(HubFaultDirections.ToDevice))
        {
            return codec.Encode(packet, output);
        }

        var whole = new ArrayBufferWriter<byte>();
        int bytes = codec.Encode(packet, whole);
        byte[] damaged = whole.WrittenSpan.ToArray();
        fault.Corrupt(damaged);
        output.Write(damaged);
        return bytes;
    }

    private static bool IsMessage(MqttPacket packet) =>
        packet is MqttPublishPacket publish && publish.Topic.Contains("/messages/devicebound/", StringComparison.Ordinal);
}
