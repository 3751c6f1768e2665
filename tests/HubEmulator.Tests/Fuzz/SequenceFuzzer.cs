using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Fuzz;

/// <summary>
/// Sound packets in any order after a sound CONNECT, while messages wait for the device, and with a second connection that takes the device over in between:
/// what must not be is in the order, not in the bytes.
/// </summary>
internal sealed class SequenceFuzzer : IFuzzer
{
    private const string Device = "dev-04";
    private const int PacketsOfRound = 24;

    private static readonly string[] Filters =
        [$"devices/{Device}/messages/devicebound/#", "$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#", "$iothub/methods/POST/#", "devices/dev-02/messages/devicebound/#"];

    public string Name => "packets out of order";

    public int InputsOfRound => PacketsOfRound;

    public async Task PlayAsync(TestHub hub, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        using FuzzLine line = await ConnectAsync(hub, random, cancel);
        int takeOver = random.Next(2 * PacketsOfRound); // in half of the rounds, none
        hub.Hub.TrySendMessage(Device, new C2dMessage { MessageId = $"{seed}", Ack = C2dAck.Full });
        for (int packet = 0; packet < PacketsOfRound; packet++)
        {
            if (packet == takeOver)
            {
                using FuzzLine other = await ConnectAsync(hub, random, cancel);
                await other.SendAsync(Any(random), cancel);
            }

            await line.SendAsync(Any(random), cancel);
        }

        await line.EndAsync(cancel);
    }

    private static async Task<FuzzLine> ConnectAsync(TestHub hub, Random random, CancellationToken cancel)
    {
        FuzzLine line = await FuzzLine.OpenAsync(hub, hub.Hub.MqttPort, withTls: true, cancel);
        string key = hub.Hub.DeviceConnectionString(Device).Split("SharedAccessKey=")[1];
        await line.SendAsync(Packets.Connect(hub.Hub.HostName, Device, hub.DeviceToken(Device, key), clean: random.Next(2) == 0), cancel);
        return line;
    }

    private static byte[] Any(Random random)
    {
        ushort id = (ushort)random.Next(1, 6);
        return random.Next(14) switch
        {
            0 or 1 => Packets.Subscribe(id, Filters[random.Next(Filters.Length - random.Next(2))], (byte)random.Next(3)),
            2 => Packets.Unsubscribe(id, Filters[random.Next(Filters.Length)]),
            3 or 4 => WithFlags(random, Packets.Publish(id, $"devices/{Device}/messages/events/a=b", [1])),
            5 => Packets.Publish(id, $"$iothub/twin/GET/?$rid={id}", []),
            6 or 7 => Packets.Publish(id, $"$iothub/twin/PATCH/properties/reported/?$rid={id}&$version={random.Next(4)}", """{"a":1}"""u8.ToArray()),
            8 => Packets.Publish(id, $"$iothub/methods/res/{random.Next(600)}/?$rid={id}", "{}"u8.ToArray()),
            9 or 10 or 11 => Packets.Acknowledge(id),
            12 => [0xC0, 0x00],
            _ => random.Next(6) == 0 ? [0xE0, 0x00] : [0xC0, 0x00],
        };
    }

    /// <summary>DUP and RETAIN, which may stand on any of them.</summary>
    private static byte[] WithFlags(Random random, byte[] publish)
    {
        publish[0] |= (byte)((random.Next(2) << 3) | random.Next(2));
        return publish;
    }
}
