using Amqp.Framing;
using HubEmulator.Tests.Amqp;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Fuzz;

/// <summary>Damaged AMQP: headers, SASL, and frames of a connection that began well.</summary>
internal sealed class AmqpFuzzer : IFuzzer
{
    public string Name => "AMQP frames";

    public int InputsOfRound => 6;

    public async Task PlayAsync(TestHub hub, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        using FuzzLine line = await FuzzLine.OpenAsync(hub, hub.Hub.AmqpPort, withTls: true, cancel);
        byte[][] good =
        [
            AmqpWire.Frame(new Open { ContainerId = "y", HostName = "hub.localhost", MaxFrameSize = 1024 }),
            AmqpWire.Frame(new Begin { NextOutgoingId = 0, IncomingWindow = 4096, OutgoingWindow = 100, HandleMax = 10 }, channel: 1),
            AmqpWire.Frame(new Attach { LinkName = "r", Handle = 1, Role = true, Source = new Source { Address = "hub/ConsumerGroups/$Default/Partitions/0" }, Target = new Target() }),
            AmqpWire.Frame(new Flow { Handle = 0, IncomingWindow = 10, NextOutgoingId = 1, OutgoingWindow = 10, NextIncomingId = 0, LinkCredit = 10, DeliveryCount = 0 }),
            AmqpWire.Part(Mutation.Noise(random, 200)),
            AmqpWire.Frame(Convert.FromHexString("005315C00A05414352094100532445")), // a disposition of ten transfers: accepted
            AmqpWire.Frame(new Detach { Handle = 0, Closed = true }),
        ];
        var bytes = new List<byte>(random.Next(5) == 0 ? Mutation.Damage(random, AmqpWire.Opening()) : AmqpWire.Opening());
        for (int input = 0; input < InputsOfRound; input++)
        {
            byte[] frame = good[random.Next(good.Length)];
            bytes.AddRange(random.Next(6) == 0 ? Mutation.Damage(random, frame) : InItsFrame(Mutation.Damage(random, frame)));
        }

        await line.SendAsync([.. bytes], cancel);
        await line.EndAsync(cancel);
    }

    private static byte[] InItsFrame(byte[] damaged)
    {
        if (damaged.Length >= 8)
        {
            (damaged[0], damaged[1], damaged[2], damaged[3], damaged[4], damaged[5]) = (0, 0, (byte)(damaged.Length >> 8), (byte)damaged.Length, 2, 0);
        }

        return damaged;
    }
}
