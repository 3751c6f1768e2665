using System.Device.I2c;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Tests.TestKit;
using Node.Sensors.Bus;

namespace Node.Host.Tests.Composition;

public sealed class BusesTests
{
    private const string Board = """{"version":1,"chips":[{"chip":"BME280","address":"0x77"},{"chip":"TCA9548A"},{"chip":"SHT31","mux":{"address":"0x70","channel":4}}]}""";

    [Fact]
    public void A_board_file_makes_the_buses_and_what_happens_on_them_is_recorded_counted_and_replayed()
    {
        using var folder = new TemporaryFolder();
        string board = Path.Combine(folder.Path, "board.json");
        string trace = Path.Combine(folder.Path, "trace.jsonl");
        File.WriteAllText(board, Board);

        using (SharedBusProvider buses = Buses.Open(Options(new BusOptions { Provider = BusProviderKind.Emulated, EmulatedBoard = board, RecordTrace = trace }), new FakeTimeProvider()))
        {
            Assert.Equal(0x60, ReadId(buses));
            using I2cDevice behind = buses.OpenI2c(1, new I2cMuxChannel(0x70, 4), 0x44);
            Assert.Throws<IOException>(() => behind.ReadByte()); // it is there and has nothing to tell
            Assert.Equal(["i2c-1", "i2c-1", "i2c-1", "i2c-1"], buses.Load.Read().Select(load => load.Bus));
        }

        Assert.Equal(3, BusTrace.Load(trace).Entries.Count); // the id, the select, the refused read
        using SharedBusProvider replay = Buses.Open(Options(new BusOptions { Provider = BusProviderKind.Replay, ReplayTrace = trace }), new FakeTimeProvider());
        Assert.Equal("replay", replay.Name);
        Assert.Equal(0x60, ReadId(replay));
    }

    [Theory]
    [InlineData("Node:Bus:EmulatedBoard", "bad.json", "bad.json line 1 $.chips: is missing")]
    [InlineData("Node:Bus:EmulatedBoard", "absent.json", "cannot be read")]
    [InlineData("Node:Bus:ReplayTrace", "bad.json", "line 1 does not begin with")]
    [InlineData("Node:Bus:ReplayTrace", "", "is missing; Node:Bus:Provider=replay needs a trace")]
    [InlineData("Node:Bus:ReplayMode", "roughly", "strict or lenient")]
    [InlineData("Node:Bus:I2cClockHertz", "10", "1000 to 5000000")]
    public void Nothing_starts_on_a_file_or_a_choice_that_cannot_be_used(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "bad.json"), """{"version":1}""");
        string given = value.EndsWith(".json", StringComparison.Ordinal) ? Path.Combine(folder.Path, value) : value;
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Node:Bus:Provider", key.EndsWith("Trace", StringComparison.Ordinal) ? "replay" : "emulated"), new(key, given)]).Build();

        IReadOnlyList<string> faults = NodeOptionsReader.Read(configuration, folder.Path).Faults;

        Assert.Contains(faults, fault => fault.StartsWith(key + ": ", StringComparison.Ordinal) && fault.Contains(expected, StringComparison.Ordinal));
    }

    private static NodeOptions Options(BusOptions bus) => new() { Bus = bus, DataFolder = "." };

    private static byte ReadId(SharedBusProvider buses)
    {
        using I2cDevice device = buses.OpenI2c(1, 0x77);
        byte[] id = new byte[1];
        device.WriteRead([0xD0], id);
        return id[0];
    }
}
