using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Node.Benchmarks;
using Node.Host.Cadence;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Sensing;
using Node.Host.Spool;

namespace Node.HostProbe;

/// <summary>
/// The whole node in this process, connected and idle: readings that come up at any moment of the cadence, from there to the hub's confirmation.
/// </summary>
internal static class ReadingLatency
{
    private const int Readings = 60;
    private const int LeftOut = 10; // The compiler is still at work on them.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    /// <summary>p50 and p99 in ms.</summary>
    /// <param name="isNudged">Whether a stored reading, and bytes that come, call for a turn; else turns come at the cadence alone.</param>
    /// <param name="settings">What the node is told, KEY=VALUE.</param>
    public static async Task<double[]> MeasureAsync(bool isNudged, string[] settings)
    {
        var faults = new List<string>();
        IConfigurationRoot configuration = ConfigurationLayers.Build(
            AppContext.BaseDirectory, "Production", [.. settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create<string, string?>(pair[0], pair[1]))], faults);
        LoadedConfiguration loaded = NodeOptionsReader.Read(configuration, AppContext.BaseDirectory);
        if (faults.Concat(loaded.Faults).FirstOrDefault() is { } fault)
        {
            throw new ArgumentException(fault);
        }

        var clock = new NodeClock(TimeProvider.System, default, TimeSpan.Zero);
        await using WebApplication app = NodeApplication.Build(loaded.Options, configuration, clock, BootRecord.Begin(loaded.Options.DataFolder, loaded.Options.BadBoots), () => loaded);
        await NodeStart.PrepareAsync(app.Services, CancellationToken.None);
        await app.StartAsync();
        TelemetrySender telemetry = app.Services.GetRequiredService<HubLoop>().Telemetry;
        Await(() => telemetry.Confirmed > 0 && telemetry.Outstanding == 0, "the first confirmation");
        ReadingStore store = app.Services.GetRequiredService<ReadingStore>();
        if (!isNudged)
        {
            store.Stored = null;
            app.Services.GetRequiredService<HubWatch>().Dispose();
        }

        double[] milliseconds = [.. (await TakeAsync(store, telemetry, clock, loaded.Options.DoWorkInterval)).Skip(LeftOut).Order()];
        await app.StopAsync();
        return [milliseconds[milliseconds.Length / 2], milliseconds[milliseconds.Length * 99 / 100]];
    }

    private static async Task<List<double>> TakeAsync(ReadingStore store, TelemetrySender telemetry, NodeClock clock, TimeSpan cadence)
    {
        var random = new Random(1);
        var taken = new List<double>();
        for (int number = 0; number < LeftOut + Readings; number++)
        {
            Pause.For(cadence * (1.5 + random.NextDouble())); // At any moment of the cadence, when the last one is long over.
            long before = telemetry.Confirmed;
            long start = TimeProvider.System.GetTimestamp();
            await store.AcceptAsync(new SpoolEntry("climate", clock.UtcNow, true, 0, Encoding.ASCII.GetBytes($"{{\"temperature\":{number}}}")), CancellationToken.None);
            Await(() => telemetry.Confirmed > before, $"confirmation {number}");
            taken.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        return taken;
    }

    /// <summary>Looks often at first, so that a short time is measured finely, and then each millisecond, so that the node has the processor.</summary>
    private static void Await(Func<bool> condition, string what)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeSpan waited = TimeProvider.System.GetElapsedTime(start);
            if (waited > Patience)
            {
                throw new TimeoutException($"{what} did not come within {Patience.TotalSeconds} s");
            }

            if (waited > 8 * Look)
            {
                Pause.For(Look);
            }
            else
            {
                Thread.Yield();
            }
        }
    }
}
