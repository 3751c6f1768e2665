using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Composition;
using Node.Host.Hub;
using Node.Host.Spool;
using Node.HubClient;

namespace Node.HostProbe;

/// <summary>
/// Readings of 256 bytes from end to end: queued as fast as the spool takes them, stored, sent, confirmed by the sink, deleted. A reading is sent
/// only after its commit, by the spool itself.
/// </summary>
internal static class SpoolThroughput
{
    private const int Warm = 20_000;
    private const int Readings = 100_000;
    private const int BodyBytes = 256;
    private const int QueuedAtOnce = 1_024;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1); // Nothing tells here of what was stored.

    /// <summary>Readings a second, readings a commit, whether everything arrived and was deleted (1) or not (0), and the CPU time of this process for a reading in µs.</summary>
    public static double[] EndToEnd(int port, byte[] root)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sensornode-bench-");
        try
        {
            var options = new SpoolOptions { Path = Path.Combine(folder.FullName, SpoolOptions.FileName), Limits = new SpoolLimits { CommitDelay = TimeSpan.Zero } };
            using var spool = Spool.Open(options, "bench", TimeProvider.System, NullLogger.Instance);
            using IHubClient client = Connect(port, Encoding.ASCII.GetString(root));
            var sender = new TelemetrySender(spool, client, new NodeClock(TimeProvider.System, default, TimeSpan.Zero), NullLogger.Instance);
            ReadOnlyMemory<byte>[] bodies = [.. Enumerable.Range(0, Warm + Readings).Select(Body)]; // Made before the clock runs: no part of the spool.
            Run(spool, client, sender, bodies.AsMemory(0, Warm));
            long commits = spool.Statistics.Commits;
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long start = TimeProvider.System.GetTimestamp();
            Run(spool, client, sender, bodies.AsMemory(Warm));
            double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            SpoolStatistics end = spool.Statistics;
            return [Readings / seconds, Readings / (double)(end.Commits - commits), end is { Depth: 0, Dropped: 0 } && end.ConfirmedTotal == Warm + Readings ? 1 : 0, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Readings];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static LowerLayerHubClient Connect(int port, string root)
    {
        IotHubClientLL client = IotHubClientLL.CreateFromConnectionString(
            "HostName=hub.localhost;DeviceId=bench;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", new HubClientOptions { Port = port, TrustedRootsPem = root });
        bool connected = false;
        client.SetConnectionStatusCallback((change, _) => connected = change.Status is ConnectionStatus.Authenticated);
        while (!connected)
        {
            client.DoWork();
        }

        return new LowerLayerHubClient(client);
    }

    /// <summary>Turns as the node makes them: one after the other while there is something to do, and else when bytes come or something may have been stored.</summary>
    private static void Run(Spool spool, IHubClient client, TelemetrySender sender, ReadOnlyMemory<ReadOnlyMemory<byte>> bodies)
    {
        long wanted = sender.Confirmed + bodies.Length;
        Task filling = Task.Run(() => FillAsync(spool, bodies));
        while (sender.Confirmed < wanted)
        {
            int outstanding = sender.Outstanding;
            bool moved = sender.Fill() > 0;
            WorkStatus status = client.DoWork();
            if (!moved && !status.MoreToDo && sender.Outstanding == outstanding)
            {
                client.WaitForWork(Look);
            }
        }

        filling.Wait();
        spool.FlushAsync(CancellationToken.None).Wait();
    }

    private static async Task FillAsync(Spool spool, ReadOnlyMemory<ReadOnlyMemory<byte>> bodies)
    {
        var pending = new Queue<Task<long>>();
        for (int number = 0; number < bodies.Length; number++)
        {
            pending.Enqueue(spool.AppendAsync(new SpoolEntry("climate", TimeProvider.System.GetUtcNow(), true, 0, bodies.Span[number]), CancellationToken.None).AsTask());
            if (pending.Count >= QueuedAtOnce)
            {
                await pending.Dequeue();
            }
        }

        await Task.WhenAll(pending);
    }

    private static ReadOnlyMemory<byte> Body(int number) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"value\":{number * 0.731:0.000},\"text\":\"{Noise(number)}\"}}").PadRight(BodyBytes));

    /// <summary>Text that compresses no better than a reading's digits.</summary>
    private static string Noise(int number)
    {
        Span<byte> bytes = stackalloc byte[96];
        new Random(number).NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
