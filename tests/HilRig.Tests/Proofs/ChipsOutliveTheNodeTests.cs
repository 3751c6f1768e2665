using System.Device.I2c;
using System.Device.Spi;
using HilRig.Bench;
using Node.Sensors.Emulation;

namespace HilRig.Tests.Proofs;

/// <summary>With the chips in the rig, a node that is killed loses its memory and the chips do not.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class ChipsOutliveTheNodeTests
{
    private const int Adxl345FifoStatus = 0x39;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_node_killed_in_the_middle_finds_the_chips_as_they_were_and_reads_on()
    {
        using var folder = new TemporaryFolder("hilrig-proof-");
        var options = new BenchOptions
        {
            Folder = folder.Path,
            Program = NodeProgram.Find(),
            Bus = BenchBus.Remote,
            NodeSettings = new Dictionary<string, string>
            {
                ["Sensors:climate:Interval"] = "200ms",
                ["Sensors:air:Chip"] = "SCD41",
                ["Sensors:air:Address"] = "0x62",
                ["Sensors:air:Interval"] = "1s",
            },
        };
        await using EmulatedBench bench = await EmulatedBench.StartAsync(options, TestContext.Current.CancellationToken);
        using var rig = new EmulatedBusProvider(bench.Board!.Board);
        FillFifo(rig);
        bench.StartNode();
        await UntilAsync(bench, () => bench.Arrivals.Refresh() >= 5 && IsMeasuring(rig), "readings at the hub and an SCD41 that measures");

        await bench.KillNodeAsync();
        bool measuresOn = IsMeasuring(rig);
        int samples = FifoEntries(rig);
        long before = bench.Arrivals.Refresh();
        bench.StartNode();
        await UntilAsync(bench, () => bench.Arrivals.Refresh() >= before + 5, "more readings after the kill");

        Assert.True(measuresOn, "the SCD41 forgot its periodic measurement");
        Assert.True(samples > 0, "the ADXL345 lost its FIFO");
        Assert.False(bench.DiedByItself.IsCompleted);
    }

    private static async Task UntilAsync(EmulatedBench bench, Func<bool> condition, string what)
    {
        bool met = await Waiting.UntilAsync(() => condition() || bench.DiedByItself.IsCompleted, Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(met && condition(), $"{what}{Environment.NewLine}{string.Join(Environment.NewLine, bench.Log.Lines(40))}");
    }

    // Bypass off, FIFO in stream mode, measuring: as a node leaves it that is killed between two batches.
    private static void FillFifo(EmulatedBusProvider rig)
    {
        using SpiDevice chip = Accelerometer(rig);
        chip.Write([0x38, 0x80]);
        chip.Write([0x2D, 0x08]);
    }

    private static int FifoEntries(EmulatedBusProvider rig)
    {
        using SpiDevice chip = Accelerometer(rig);
        byte[] received = new byte[2];
        chip.TransferFullDuplex([0x80 | Adxl345FifoStatus, 0], received);
        return received[1] & 0x3F;
    }

    private static SpiDevice Accelerometer(EmulatedBusProvider rig) => rig.OpenSpi(new SpiConnectionSettings(0, 1) { Mode = SpiMode.Mode3, ClockFrequency = 1_000_000 });

    // During periodic measurement the chip acknowledges get_data_ready_status and refuses get_serial_number. While it starts up it refuses
    // both, and so it does for a millisecond after each command, the node's included.
    private static bool IsMeasuring(EmulatedBusProvider rig) =>
        SpinWait.SpinUntil(() => Acknowledges(rig, 0xE4, 0xB8), TimeSpan.FromMilliseconds(200))
        && !SpinWait.SpinUntil(() => Acknowledges(rig, 0x36, 0x82), TimeSpan.FromMilliseconds(50));

    private static bool Acknowledges(EmulatedBusProvider rig, byte high, byte low)
    {
        using I2cDevice chip = rig.OpenI2c(1, 0x62);
        try
        {
            chip.Write([high, low]);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
