using System.Diagnostics;
using System.Globalization;
using HilRig.Bench;
using HilRig.BusServer;
using HilRig.Shim;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Emulation;

namespace HilRig.Tests.Shim;

/// <summary>The fastest sensor through device nodes: every sample of an ADXL345 in another process that hears nothing but its interrupt line.</summary>
public sealed class HighRateTests
{
    private const int Pin = 24;
    private const int SamplesPerSecond = 3_200;
    private const int Watermark = 24;
    private const double AmplitudeG = 8;

    private static readonly TimeSpan Period = TimeSpan.FromMicroseconds(312.5);

    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A prime number of ticks, so that no count of lost samples makes a whole number of turns.</summary>
    private static readonly TimeSpan Sine = TimeSpan.FromTicks(200_003 * 10L);

    [Fact]
    public async Task A_minute_at_3200_samples_a_second_arrives_whole_through_the_interrupt_of_an_emulated_line()
    {
        Assert.SkipWhen(ShimLibrary.Obstacle() is not null, ShimLibrary.Obstacle() ?? "");
        const int Seconds = 60;
        using var folder = new TemporaryFolder("hilrig-rate-");
        ShimLibrary shim = await ShimLibrary.BuildAsync(folder.Path, warningsAreErrors: false, TestContext.Current.CancellationToken);
        var clock = new FakeTimeProvider();
        var options = new EmulatedBoardOptions { Chips = [new EmulatedChipOptions { Chip = "ADXL345", ChipSelect = 1, InterruptPin = Pin }] };
        var ambient = new Ambient { AccelerationXG = Stimulus.Sine(0, AmplitudeG, Sine) };
        await using ServedBoard served = ServedBoard.Start(new EmulatedBoard(options, ambient, clock), ServedBoard.SocketIn(folder.Path), TimeProvider.System);
        using Process child = Start(shim, served, "samples", Text(Watermark), Text(Seconds * SamplesPerSecond), Text(AmplitudeG), Text(Sine.TotalMicroseconds), Text(Pin));
        string told = "";
        try
        {
            Assert.Equal("started", await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

            for (long taken = 0; told.Length == 0;)
            {
                // Time goes on until the chip must ask, and then waits for the other process: how busy this machine is decides nothing.
                while (Taken(clock) < taken + Watermark) { clock.Advance(Period); }

                string line = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken) ?? "nothing";
                if (!long.TryParse(line, CultureInfo.InvariantCulture, out taken)) { told = line; }
            }
        }
        finally
        {
            child.Kill(); // one that was not told everything would wait for ever; nothing for one that has ended
        }

        Assert.InRange(clock.GetUtcNow() - clock.Start, TimeSpan.FromSeconds(Seconds), TimeSpan.FromSeconds(Seconds) + Margin);
        Assert.EndsWith(" samples, 0 wrong, 0 gaps, 0 edges missed", told, StringComparison.Ordinal);
    }

    /// <summary>How many samples the chip has taken; the first comes 1.1 ms and a period after its start.</summary>
    private static long Taken(FakeTimeProvider clock) => (clock.GetUtcNow() - clock.Start - TimeSpan.FromMilliseconds(1.1)).Ticks / Period.Ticks;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static Process Start(ShimLibrary shim, ServedBoard served, params string[] arguments)
    {
        NodeProgram program = NodeProgram.At(Path.Combine(AppContext.BaseDirectory, "DeviceNodes.Child.dll")).With(arguments);
        var start = new ProcessStartInfo(program.File, program.Arguments) { RedirectStandardOutput = true };
        foreach ((string key, string value) in shim.Environment(served.Endpoint)) { start.Environment[key] = value; }

        return Process.Start(start)!;
    }
}
