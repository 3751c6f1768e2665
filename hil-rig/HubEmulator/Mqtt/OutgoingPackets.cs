using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Threading.Channels;
using MQTTnet.Packets;

namespace HubEmulator.Mqtt;

/// <summary>
/// What waits to be written to a client, in order, at most <see cref="Most"/> packets; and how far its publishes are read ahead of their acknowledgement:
/// at most <see cref="Window"/> of them.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The field holds memory only, and a release that comes late must stay harmless.")]
internal sealed class OutgoingPackets(PipeWriter output, MqttCodec codec)
{
    public const int Window = 16;
    public const int Most = 1024;

    private const int FlushBytes = 32 * 1024;

    private readonly SemaphoreSlim _window = new(Window, Window);
    private readonly Channel<MqttPacket> _waiting = Channel.CreateBounded<MqttPacket>(
        new BoundedChannelOptions(Most) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <returns>False when too many wait already, or no more are taken.</returns>
    public bool TryAdd(MqttPacket packet) => _waiting.Writer.TryWrite(packet);

    /// <summary>Takes no more; what waits is still written.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Waits until another publish may be read; its room is given back when its acknowledgement is written.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken) => _window.WaitAsync(cancellationToken);

    /// <summary>Writes until there is no more to come, or the connection closes.</summary>
    /// <param name="faults">What becomes of the packets on their way.</param>
    /// <param name="closing">Ends the writing at once.</param>
    /// <returns>False when the client has gone, or the end came amid a write, whose rest would keep the stream from ending.</returns>
    public async Task<bool> WriteAllAsync(ConnectionFaults faults, CancellationToken closing)
    {
        bool flushing = false;
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(closing))
            {
                int acknowledged = WriteSome(faults);
                flushing = true;
                FlushResult flushed = await output.FlushAsync(closing);
                flushing = false;
                if (acknowledged > 0)
                {
                    _window.Release(acknowledged);
                }

                if (flushed.IsCompleted)
                {
                    return false;
                }
            }

            return true;
        }
        catch (OperationCanceledException) when (!flushing)
        {
            return true; // closed while there was nothing to write
        }
        catch (Exception lost) when (lost is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <returns>How many acknowledgements were among them.</returns>
    private int WriteSome(ConnectionFaults faults)
    {
        int acknowledged = 0;
        int unflushed = 0;
        while (unflushed < FlushBytes && _waiting.Reader.TryRead(out MqttPacket? packet))
        {
            unflushed += faults.Write(packet, codec, output);
            acknowledged += packet is MqttPubAckPacket ? 1 : 0;
        }

        return acknowledged;
    }
}
