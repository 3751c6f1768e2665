using System.Text;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Fuzz;

/// <summary>Well-formed packets with wrong content for every topic family: a device that is let in sends them one after the other and must get an answer to its last ping.</summary>
internal sealed class TopicFuzzer(bool provisioning) : IFuzzer
{
    private static readonly byte[][] Documents =
    [
        .. new[]
        {
            """{"a":{"b":[1,{"c":null}],"d":"text"},"e":1.5e3}""", """{"$version":3}""", """[1,2]""", """{"a":99999999999999999999}""", """{"registrationId":"sn-007","payload":{"a":1}}""", "null", "",
            """{"a.b":1}""", """{"a":[null]}""", """{"a":1,"a":2}""", """{"":{"":""}}""", "\"\\ud800\"",
        }.Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("""{"a":""", 70)) + "1" + new string('}', 70)),
        Encoding.UTF8.GetBytes($$"""{"a":"{{new string('x', 5000)}}"}"""),
    ];

    /// <summary>Each round has a device of its own, so that none takes over another's connection.</summary>
    public static string DeviceOf(int seed) => $"topics-{seed}";

    public string Name => provisioning ? "wrong JSON to DPS" : "wrong JSON to a topic";

    public int InputsOfRound => 250;

    public async Task PlayAsync(TestHub hub, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        string device = DeviceOf(seed);
        using FuzzLine line = await FuzzLine.OpenAsync(hub, hub.Hub.MqttPort, withTls: true, cancel);
        await line.SendAsync(Connect(hub, device), cancel);
        Assert.Equal([0x20, 0x02], (await line.ReceiveAsync(cancel))[..2].ToArray());
        var bytes = new List<byte>(Packets.Subscribe(1, provisioning ? Registrar.AnswerFilter : "$iothub/twin/res/#", 0));
        for (int input = 0; input < InputsOfRound; input++)
        {
            byte[] document = Documents[random.Next(Documents.Length)];
            byte[] wrong = random.Next(3) == 0 || document.Length == 0 ? document : Mutation.Damage(random, document);
            bytes.AddRange(Packets.Publish((ushort)(input + 2), Topic(random, device, input), wrong));
        }

        Task<bool> answered = HasAnsweredPingAsync(line, cancel);
        await line.SendAsync([.. bytes, 0xC0, 0x00], cancel);
        Assert.True(await answered, "the connection ended, or a ping went unanswered");
    }

    private byte[] Connect(TestHub hub, string device) => provisioning
        ? Packets.Connect(hub.Hub.HostName, Registrar.Id, Registrar.Token(hub, Registrar.Id, Registrar.DerivedKey), userName: $"{hub.Hub.IdScope}/registrations/{Registrar.Id}/api-version=2019-03-31")
        : Packets.Connect(hub.Hub.HostName, device, hub.DeviceToken(device, hub.Hub.DeviceConnectionString(device).Split("SharedAccessKey=")[1]), clean: true);

    private string Topic(Random random, string device, int number) => (provisioning, random.Next(4)) switch
    {
        (true, 0) => $"$dps/registrations/GET/iotdps-get-operationstatus/?$rid={number}&operationId={random.Next()}",
        (true, _) => $"$dps/registrations/PUT/iotdps-register/?$rid={number}",
        (_, 0) => $"$iothub/methods/res/{random.Next(0, 1000)}/?$rid={random.Next(100)}",
        (_, 1) => $"devices/{device}/messages/events/%24.ct=application%2Fjson&n={number}",
        _ => $"$iothub/twin/PATCH/properties/reported/?$rid={number}",
    };

    /// <summary>Goes over the packets that come until PINGRESP; the answers are of any length.</summary>
    private static async Task<bool> HasAnsweredPingAsync(FuzzLine line, CancellationToken cancel)
    {
        var pending = new List<byte>();
        while (true)
        {
            ReadOnlyMemory<byte> arrived = await line.ReceiveAsync(cancel);
            if (arrived.IsEmpty)
            {
                return false;
            }

            pending.AddRange(arrived.Span);
            int at = 0;
            while (TryMeasure(pending, at, out int length))
            {
                if (pending[at] == 0xD0)
                {
                    return true;
                }

                at += length;
            }

            pending.RemoveRange(0, at);
        }
    }

    private static bool TryMeasure(List<byte> bytes, int at, out int length)
    {
        length = 0;
        for (int index = at + 1, shift = 0; index < bytes.Count; index++, shift += 7)
        {
            length |= (bytes[index] & 0x7F) << shift;
            if (bytes[index] < 0x80)
            {
                length += index + 1 - at;
                return at + length <= bytes.Count;
            }
        }

        return false;
    }
}
