using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Fuzz;

/// <summary>Broken packets before CONNECT, in its place, and after it: noise, cut, damaged, and headers that promise too much.</summary>
internal sealed class MqttFuzzer(bool connected) : IFuzzer
{
    private const string Device = "dev-03";
    private const int PacketsAfterConnect = 8;

    public string Name => connected ? "MQTT after CONNECT" : "MQTT before CONNECT";

    public int InputsOfRound => connected ? PacketsAfterConnect : 1;

    public async Task PlayAsync(TestHub hub, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        string key = hub.Hub.DeviceConnectionString(Device).Split("SharedAccessKey=")[1];
        byte[] connect = Packets.Connect(hub.Hub.HostName, Device, hub.DeviceToken(Device, connected ? key : hub.ServiceKey));
        using FuzzLine line = await FuzzLine.OpenAsync(hub, hub.Hub.MqttPort, withTls: true, cancel);
        byte[][] good =
        [
            connect,
            Packets.Publish(1, $"devices/{Device}/messages/events/%24.ct=a&b=c", [1, 2, 3]),
            Packets.Publish(2, "$iothub/twin/PATCH/properties/reported/?$rid=1", """{"a":{"b":[1,2]}}"""u8.ToArray()),
            Packets.Publish(3, "$iothub/twin/GET/?$rid=2", []),
            Packets.Publish(4, "$iothub/methods/res/200/?$rid=5", "{}"u8.ToArray()),
            Packets.Subscribe(5, "$iothub/twin/res/#", 0),
            Packets.Unsubscribe(6, $"devices/{Device}/messages/devicebound/#"),
            Packets.Acknowledge(7),
            [0xC0, 0x00],
            [0xE0, 0x00],
        ];
        var bytes = new List<byte>(connected ? connect : []);
        for (int packet = 0; packet < InputsOfRound; packet++)
        {
            bytes.AddRange(Bad(random, good[connected ? random.Next(1, good.Length) : 0]));
        }

        await line.SendAsync([.. bytes], cancel);
        await line.EndAsync(cancel);
    }

    private static byte[] Bad(Random random, byte[] good) => random.Next(8) switch
    {
        0 => Mutation.Noise(random, 500),
        1 => Mutation.Cut(random, good),
        2 => [good[0], 0xFF, 0xFF, 0xFF, 0x7F, .. good],
        3 => [good[0], 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        _ => WithItsLength(Mutation.Damage(random, good)),
    };

    /// <summary>Most damage keeps the frame, so that what is in it is looked at, and the next packet too.</summary>
    private static byte[] WithItsLength(byte[] damaged)
    {
        if (damaged.Length is > 2 and < 130)
        {
            damaged[1] = (byte)(damaged.Length - 2);
        }

        return damaged;
    }
}
