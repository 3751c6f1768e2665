using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Node.Host.Diagnostics;
using Node.Host.Scanning;
using Node.Host.Tests.TestKit;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.Scanning;

public sealed class GentleScanTests
{
    [Fact]
    public async Task A_configured_address_is_never_touched_and_a_foreign_chip_is_found_and_named()
    {
        using var node = new TestNode();
        var board = new EmulatedBoard(
            new EmulatedBoardOptions
            {
                Chips = [new EmulatedChipOptions { Chip = "BME280", BusId = 1, Address = 0x76 }, new EmulatedChipOptions { Chip = "BH1750", BusId = 1, Address = 0x23 }],
            },
            GeneratedRoom.Create(1), node.Time);
        using var buses = new SharedBusProvider(new EmulatedBusProvider(board), node.Time, 100_000);
        using var scan = new GentleScan(buses, [1], node.Sensors, node.Time);
        await node.SampleAsync(TestContext.Current.CancellationToken);

        GentleBus found = Assert.Single((await scan.ScanAsync(TestContext.Current.CancellationToken)).Buses);

        Assert.Equal([(0x23, "answers", "BH1750", null), (0x76, "ok", "BME280", "climate")], found.Chips.Select(chip => (chip.Address, chip.State, chip.Chip!, chip.Sensor)));
        Assert.DoesNotContain(buses.Load.Read(), load => load.Device.EndsWith("76", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sick_sensor_shows_as_one_and_a_second_scan_within_five_seconds_touches_nothing()
    {
        using var node = new TestNode();
        using var buses = new SharedBusProvider(new EmulatedBusProvider(new EmulatedBoard(new EmulatedBoardOptions { Chips = [] }, GeneratedRoom.Create(1), node.Time)), node.Time, 100_000);
        using var scan = new GentleScan(buses, [1], node.Sensors, node.Time);
        node.Chips["climate"].Failure = Failures.Nack();
        await node.SampleAsync(TestContext.Current.CancellationToken);

        GentleReport first = await scan.ScanAsync(TestContext.Current.CancellationToken);
        long transfers = buses.Load.Read().Sum(load => load.Transfers);
        GentleReport second = await scan.ScanAsync(TestContext.Current.CancellationToken);
        node.Time.Advance(TimeSpan.FromSeconds(6));
        GentleReport third = await scan.ScanAsync(TestContext.Current.CancellationToken);

        Assert.Equal("fault", Assert.Single(Assert.Single(first.Buses).Chips).State);
        Assert.Same(first, second);
        Assert.NotSame(second, third);
        Assert.True(buses.Load.Read().Sum(load => load.Transfers) > transfers);
    }

    [Fact]
    public async Task What_is_known_takes_no_transfer_and_goes_into_the_support_bundle()
    {
        using var node = new TestNode();
        var board = new EmulatedBoard(new EmulatedBoardOptions { Chips = [new EmulatedChipOptions { Chip = "BH1750", BusId = 1, Address = 0x23 }] }, GeneratedRoom.Create(1), node.Time);
        using var buses = new SharedBusProvider(new EmulatedBusProvider(board), node.Time, 100_000);
        using var scan = new GentleScan(buses, [1], node.Sensors, node.Time);
        Assert.Equal([(0x76, "configured")], scan.Known().Buses.Single().Chips.Select(chip => (chip.Address, chip.State)));
        await scan.ScanAsync(TestContext.Current.CancellationToken);
        long transfers = buses.Load.Read().Sum(load => load.Transfers);
        await node.SampleAsync(TestContext.Current.CancellationToken);

        GentleReport known = scan.Known();

        Assert.Equal([(0x23, "answers"), (0x76, "ok")], known.Buses.Single().Chips.Select(chip => (chip.Address, chip.State)));
        Assert.Equal(transfers, buses.Load.Read().Sum(load => load.Transfers));
        byte[] archive = new SupportBundle(node.Configuration, node.Logs, () => [], "0.1.0", node.Time, () => JsonSerializer.SerializeToUtf8Bytes(known, GentleJson.Default.GentleReport)).Create();
        Assert.Contains("\"state\":\"answers\",\"chip\":\"BH1750\"", FileIn(archive, "buses.json"), StringComparison.Ordinal);
    }

    private static string FileIn(byte[] archive, string name)
    {
        using var tar = new TarReader(new GZipStream(new MemoryStream(archive), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
            {
                using var text = new StreamReader(entry.DataStream!);
                return text.ReadToEnd();
            }
        }

        return "";
    }
}
