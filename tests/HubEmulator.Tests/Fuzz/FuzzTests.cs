using System.Net;
using System.Text.Json.Nodes;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Fuzz;

/// <summary>
/// A hundred thousand bad inputs on live sockets. Meanwhile and afterwards another device's connection works, the hub logs no error of its own, and its
/// memory stays bounded. A failure names family and seed; put them into <see cref="Seeds_that_once_failed"/>.
/// </summary>
public sealed class FuzzTests
{
    private const string Good = TestHub.DeviceId;
    private const int AtOnce = 4;
    private const int TopicRounds = 160;
    private const long MostHeapBytes = 256L << 20;
    private static readonly TimeSpan LongestInput = TimeSpan.FromSeconds(60);

    private static readonly (IFuzzer Fuzzer, int Rounds)[] Families =
    [
        (new PlainFuzzer(), 6_000),
        (new MqttFuzzer(connected: false), 1_000),
        (new MqttFuzzer(connected: true), 1_500),
        (new SequenceFuzzer(), 600),
        (new TopicFuzzer(provisioning: false), TopicRounds),
        (new TopicFuzzer(provisioning: true), 40),
        (new HttpFuzzer(), 200),
        (new RequestFuzzer(), 1_000),
        (new AmqpFuzzer(), 1_250),
    ];

    private static LocalHubOptions Options => new()
    {
        Devices = [new LocalDevice(Good, TestHub.Key), new LocalDevice("dev-02"), new LocalDevice("dev-03"), new LocalDevice("dev-04"), .. Enumerable.Range(0, TopicRounds).Select(seed => new LocalDevice(TopicFuzzer.DeviceOf(seed)))],
        EnrolmentGroups = new Dictionary<string, string> { ["group1"] = Registrar.GroupKey },
    };

    [Fact]
    public async Task A_hundred_thousand_bad_inputs_cost_another_device_nothing()
    {
        using var log = new FuzzLog();
        await using TestHub hub = await TestHub.StartAsync(Options with { LoggerFactory = log });
        await using TestDevice good = await hub.ConnectAsync();
        await good.SubscribeAsync("$iothub/methods/POST/#");
        (IFuzzer Fuzzer, int Seed)[] rounds = [.. Families.SelectMany(family => Enumerable.Range(0, family.Rounds).Select(seed => (family.Fuzzer, seed)))];
        new Random(1).Shuffle(rounds); // the families at the same time
        Assert.True(rounds.Sum(round => round.Fuzzer.InputsOfRound) >= 100_000);

        Task<int> using_it = UseWhileAsync(hub, good, Parallel.ForEachAsync(
            rounds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (round, cancel) => await PlayAsync(hub, log, round.Fuzzer, round.Seed, cancel)));
        int turns = await using_it;

        Assert.True(turns > 0);
        Assert.True(log.Errors.IsEmpty, string.Join('\n', log.Errors));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, MostHeapBytes);
    }

    /// <summary>Each found a defect once.</summary>
    [Theory]
    [InlineData("before TLS", 51)] // a handshake that begins with another message than ClientHello
    [InlineData("before TLS", 562)]
    [InlineData("HTTP requests", 156)] // half a character in a name
    [InlineData("wrong JSON to a topic", 104)] // half a character
    public async Task Seeds_that_once_failed(string family, int seed)
    {
        using var log = new FuzzLog();
        await using (TestHub hub = await TestHub.StartAsync(Options with { LoggerFactory = log }))
        {
            await PlayAsync(hub, log, Families.Single(one => one.Fuzzer.Name == family).Fuzzer, seed, TestContext.Current.CancellationToken);
        }

        Assert.True(log.Errors.IsEmpty, string.Join('\n', log.Errors));
    }

    private static async ValueTask PlayAsync(TestHub hub, FuzzLog log, IFuzzer fuzzer, int seed, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(LongestInput);
        try
        {
            await fuzzer.PlayAsync(hub, seed, limit.Token);
        }
        catch (IOException)
        {
            // The hub has dropped the connection, which is what it may do.
        }
        catch (Exception wrong) when (!cancel.IsCancellationRequested)
        {
            throw new InvalidOperationException($"family '{fuzzer.Name}', seed {seed}; the hub's errors: {string.Join(' ', log.Errors)}", wrong);
        }
    }

    /// <summary>Telemetry is confirmed and a method answered, again and again until the work is done and once more.</summary>
    /// <returns>How often.</returns>
    private static async Task<int> UseWhileAsync(TestHub hub, TestDevice good, Task work)
    {
        int turns = 0;
        for (bool isLast = false; ; isLast = work.IsCompleted)
        {
            await good.PublishAsync($"devices/{Good}/messages/events/%24.mid=good-{++turns}");
            Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Message)> call = hub.CallAsync(HttpMethod.Post, $"/twins/{Good}/methods", """{"methodName":"m","responseTimeoutInSeconds":30}""");
            string topic = (await good.NextAsync()).Topic;
            await good.PublishAsync($"$iothub/methods/res/200/{topic[topic.LastIndexOf('?')..]}");
            Assert.Equal(HttpStatusCode.OK, (await call).Status);
            if (isLast)
            {
                await work;
                return turns;
            }
        }
    }
}
