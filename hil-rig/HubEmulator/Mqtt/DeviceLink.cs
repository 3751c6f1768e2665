using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace HubEmulator.Mqtt;

/// <summary>
/// The bytes of one connection: a loop that reads packets and hands them to the conversation, and a loop that writes answers and pushes in order.
/// Both are bounded, see <see cref="OutgoingPackets"/>.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The field holds memory only, and a Close that comes late must stay harmless.")]
internal sealed class DeviceLink
{
    private const int LargestPacket = 2 + 65_535 + 2 + 262_144 + 4096; // a longest topic, an identifier and a largest message
    private const int LargestConnect = 128 * 1024;
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(5);

    private readonly IDuplexPipe _transport;
    private readonly Action _abort;
    private readonly TimeProvider _clock;
    private readonly MqttCodec _codec = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly OutgoingPackets _outgoing;

    private long _lastPacket;
    private int _reason;
    private int _aborted;
    private ushort _lastIdentifier;
    private ConnectionFaults? _faults;

    /// <summary>Wraps a connection.</summary>
    /// <param name="transport">The decrypted byte stream.</param>
    /// <param name="abort">Ends the connection underneath at once.</param>
    /// <param name="clock">The clock of deadlines.</param>
    public DeviceLink(IDuplexPipe transport, Action abort, TimeProvider clock)
    {
        _transport = transport;
        _abort = abort;
        _clock = clock;
        _outgoing = new OutgoingPackets(transport.Output, _codec);
        _lastPacket = clock.GetTimestamp();
    }

    /// <summary>What carries the packets, for faults that are restricted to it.</summary>
    public HubFaultProtocols Protocol { get; init; } = HubFaultProtocols.Mqtt;

    public CloseReason Reason => (CloseReason)Volatile.Read(ref _reason);

    /// <summary>Time since the last packet, or since the connection was made.</summary>
    public TimeSpan Idle => _clock.GetElapsedTime(Volatile.Read(ref _lastPacket));

    /// <summary>Carries packets until the connection ends; then its reason stands.</summary>
    public async Task RunAsync(DeviceConversation conversation)
    {
        _faults = conversation.Faults;
        Task writing = WriteAllAsync(_faults);
        try
        {
            CloseReason ended = await ReadAllAsync(conversation);
            Interlocked.CompareExchange(ref _reason, (int)ended, (int)CloseReason.None);
            _outgoing.Complete();
            await writing.WaitAsync(LastWrites, _clock, _closing.Token); // a refusal still goes out, then the transport closes by itself
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Whoever closed the connection has set the reason.
        }
        catch (Exception lost) when (lost is IOException or OperationCanceledException or TimeoutException)
        {
            Close(CloseReason.LinkLost);
        }
        catch (Exception defect)
        {
            conversation.LogDefect(defect); // one connection must not stay half alive, nor cost the others anything
            Close(CloseReason.HubFailed);
        }
        finally
        {
            await writing;
        }
    }

    /// <summary>Queues a packet; a client that lets the queue fill is dropped.</summary>
    public void Send(MqttPacket packet)
    {
        if (_faults?.TryHold(packet) != true)
        {
            SendNow(packet);
        }
    }

    /// <summary>Queues a packet that no fault may hold back any more.</summary>
    public void SendNow(MqttPacket packet)
    {
        if (!_outgoing.TryAdd(packet) && Reason == CloseReason.None)
        {
            Close(CloseReason.SlowReader);
        }
    }

    /// <summary>Queues a publish. Callers hold the session's lock, which orders packet identifiers.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="acknowledged">True publishes at QoS 1, false at QoS 0.</param>
    /// <param name="isRepeated">True when it has been on its way before; only QoS 1 tells.</param>
    /// <returns>Its packet identifier; 0 at QoS 0.</returns>
    public ushort Publish(string topic, ReadOnlyMemory<byte> payload, bool acknowledged, bool isRepeated = false)
    {
        var packet = new MqttPublishPacket { Topic = topic, Payload = new ReadOnlySequence<byte>(payload), Dup = isRepeated && acknowledged };
        if (acknowledged)
        {
            _lastIdentifier = _lastIdentifier == ushort.MaxValue ? (ushort)1 : (ushort)(_lastIdentifier + 1);
            packet.PacketIdentifier = _lastIdentifier;
            packet.QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce;
        }

        Send(packet);
        return packet.PacketIdentifier;
    }

    /// <summary>
    /// Ends the connection at once. The first reason stands. A client that reads sees the end of the stream, as it does at the service:
    /// after a reset the Node.js SDK would not come back by itself.
    /// </summary>
    public void Close(CloseReason reason)
    {
        Interlocked.CompareExchange(ref _reason, (int)reason, (int)CloseReason.None);
        _outgoing.Complete();
        _ = _closing.CancelAsync(); // not here: a caller may hold the session's lock
        if (reason is CloseReason.LinkLost or CloseReason.SlowReader)
        {
            Abort();
        }
    }

    private async Task WriteAllAsync(ConnectionFaults faults)
    {
        if (!await _outgoing.WriteAllAsync(faults, _closing.Token))
        {
            Close(CloseReason.LinkLost);
        }
    }

    private void Abort()
    {
        if (Interlocked.Exchange(ref _aborted, 1) == 0)
        {
            _abort();
        }
    }

    private async Task<CloseReason> ReadAllAsync(DeviceConversation conversation)
    {
        while (true)
        {
            ReadResult arrived = await _transport.Input.ReadAsync(_closing.Token);
            ReadOnlySequence<byte> buffer = arrived.Buffer;
            try
            {
                while (true)
                {
                    FrameOutcome outcome = MqttFrames.TryRead(ref buffer, conversation.IsConnected ? LargestPacket : LargestConnect, out MqttFrame frame);
                    if (outcome == FrameOutcome.Incomplete)
                    {
                        break;
                    }

                    CloseReason ended = outcome == FrameOutcome.Malformed ? CloseReason.MalformedPacket : await HandleAsync(conversation, frame);
                    if (ended != CloseReason.None)
                    {
                        return ended;
                    }
                }

                if (arrived.IsCompleted)
                {
                    return CloseReason.LinkLost;
                }
            }
            finally
            {
                _transport.Input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    private async ValueTask<CloseReason> HandleAsync(DeviceConversation conversation, MqttFrame frame)
    {
        Volatile.Write(ref _lastPacket, _clock.GetTimestamp());
        frame = conversation.Faults.Damage(frame);
        if (frame.Type == MqttFrame.Connect)
        {
            ConnectLevel level = ConnectPreamble.Read(frame.Body);
            if (level != ConnectLevel.Served)
            {
                return conversation.RefuseLevel(level);
            }
        }

        if (!_codec.TryDecode(frame, out MqttPacket packet))
        {
            return CloseReason.MalformedPacket;
        }

        if (packet is MqttConnectPacket connect)
        {
            conversation.Faults.Meet(connect.ClientId);
        }

        if (conversation.Faults.IsSilent)
        {
            return CloseReason.None;
        }

        if (packet is MqttPublishPacket { QualityOfServiceLevel: MqttQualityOfServiceLevel.AtLeastOnce })
        {
            await _outgoing.WaitForRoomAsync(_closing.Token);
        }

        return conversation.Handle(packet);
    }
}
