using System.Text;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class BoardFileTests
{
    [Fact]
    public void The_documents_example_makes_the_board_that_it_describes()
    {
        BoardFile file = BoardFile.Parse(Documents.FirstBlock(Documents.Read("board-file.md"), "json"), "board-file.md");

        using EmulatedBoard board = file.CreateBoard(new FakeTimeProvider());

        Assert.Equal(["duct", "inputs", "lamp", "machine", "mux", "return", "room"], board.Chips.Keys.Order());
        Assert.Equal([1, 3], board.I2cBuses.Select(static bus => bus.BusId).Order());
        Tca9548aChip mux = Assert.IsType<Tca9548aChip>(board.Chips["mux"]);
        Assert.Same(board.Chips["duct"], mux.ChipsOf(2)[0x44]);
        Assert.Same(board.Chips["return"], mux.ChipsOf(3)[0x44]);
        Assert.Equal(6, board.Faults.Faults.Count);
        Assert.Equal(21, board.Ambient.TemperatureCelsius.At(TimeSpan.Zero), 0.11);
        Assert.Equal(23, board.Ambient.TemperatureCelsius.At(TimeSpan.FromHours(6)), 0.11);
        Assert.Equal(1.65, board.Ambient.InputVolts[0].At(TimeSpan.FromSeconds(30)), 1e-9);
        Assert.Equal(5, board.Ambient.LightLux.At(TimeSpan.FromSeconds(599)));
        Assert.Equal(400, board.Ambient.LightLux.At(TimeSpan.FromSeconds(600)));
        Assert.Equal(49.5, board.Ambient.HumidityPercent.At(TimeSpan.FromHours(9)), 1e-9);
    }

    [Fact]
    public void Every_kind_of_fault_is_in_the_document()
    {
        string document = Documents.Read("board-file.md");

        Assert.All(Enum.GetNames<BusFaultKind>(), kind => Assert.Contains($"`{char.ToLowerInvariant(kind[0])}{kind[1..]}`", document, StringComparison.Ordinal));
        Assert.All(EmulatedChipCatalog.Entries, chip => Assert.Contains(chip.Name, document, StringComparison.Ordinal));
        Assert.All(AmbientQuantity.All.Where(static one => one.Name.Contains('X', StringComparison.Ordinal)), one => Assert.Contains(one.Name, document, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"chips":[]}""", "board.json line 1 $.version: is missing; add \"version\": 1.")]
    [InlineData("""{"version":2,"chips":[]}""", "board.json line 1 $.version: 2 is not allowed; allowed is a whole number from 1 to 1.")]
    [InlineData("""{"version":1}""", "board.json line 1 $.chips: is missing; add \"chips\": [ … ].")]
    [InlineData("{\"version\":1,\n\"chipz\":[],\"chips\":[]}", "board.json line 2 $.chipz: is no known field; did you mean \"chips\"?")]
    [InlineData("{\"version\":1,\"chips\":[\n{\"chip\":\"BME28\"}]}", "board.json line 2 $.chips[0].chip: \"BME28\" is no chip that can be emulated; did you mean \"BME280\"?")]
    [InlineData("""{"version":1,"chips":[{}]}""", "board.json line 1 $.chips[0].chip: is missing; add \"chip\": \"BME280\".")]
    [InlineData("""{"version":1,"chips":[{"chip":"BME280","address":"0x44"}]}""", "$.chips[0].address: a BME280 cannot have address 0x44; possible: \"0x76\", \"0x77\".")]
    [InlineData("""{"version":1,"chips":[{"chip":"BME280","address":"0x78"}]}""", "$.chips[0].address: \"0x78\" is not allowed; allowed is \"0x03\" to \"0x77\".")]
    [InlineData("""{"version":1,"chips":[{"chip":"BME280"},{"chip":"BME280"}]}""", "$.chips[1]: I2C bus 1 address 0x76 is taken by \"bme280\"; give each chip its own place.")]
    [InlineData("""{"version":1,"chips":[{"chip":"BME280","spi":0}]}""", "$.chips[0].spi: a BME280 is on I2C; give \"bus\" and \"address\" instead.")]
    [InlineData("""{"version":1,"chips":[{"chip":"MCP3008","bus":1}]}""", "$.chips[0].bus: a MCP3008 is on SPI; give \"spi\" and \"select\" instead.")]
    [InlineData("""{"version":1,"chips":[{"chip":"MCP3008","select":2}]}""", "$.chips[0].select: 2 is not allowed; allowed is a whole number from 0 to 1.")]
    [InlineData("""{"version":1,"chips":[{"name":"a","chip":"BH1750"},{"name":"A","chip":"SHT31"}]}""", "$.chips[1]: a chip named \"A\" is there already; give each its own \"name\".")]
    [InlineData("""{"version":1,"chips":[{"chip":"SHT31","mux":{"address":"0x70","channel":1}}]}""", "hangs behind a multiplexer at I2C bus 1 address 0x70, where none is; add")]
    [InlineData("""{"version":1,"chips":[{"chip":"TCA9548A"},{"chip":"SHT31"},{"chip":"SHT31","mux":{"address":"0x70","channel":1}}]}""", "have the same address and would answer together")]
    [InlineData("""{"version":1,"chips":[{"chip":"SHT31","mux":{"channel":8}}]}""", "$.chips[0].mux.channel: 8 is not allowed; allowed is a whole number from 0 to 7.")]
    [InlineData("""{"version":1,"chips":[{"chip":"SHT31","interruptPin":54}]}""", "$.chips[0].interruptPin: 54 is not allowed; allowed is a whole number from 0 to 53.")]
    [InlineData("""{"version":1,"chips":[{"chip":"SHT31","conversionTime":"max"}]}""", "$.chips[0].conversionTime: \"max\" is not allowed; ")]
    [InlineData("""{"version":1,"chips":[],"surroundings":{"temperature":1}}""", "$.surroundings.temperature: is no known field; ")]
    [InlineData("""{"version":1,"chips":[],"surroundings":{"lightLux":"bright"}}""", "$.surroundings.lightLux: \"bright\" is no course of a quantity; write a number or an object")]
    [InlineData("""{"version":1,"chips":[],"surroundings":{"lightLux":{}}}""", "$.surroundings.lightLux: has no curve; give at least one of constant,")]
    [InlineData("""{"version":1,"chips":[],"surroundings":{"lightLux":{"sine":{"mean":1,"amplitude":1}}}}""", "$.surroundings.lightLux.sine.period: is missing; add \"period\": \"10m\".")]
    [InlineData("""{"version":1,"chips":[],"surroundings":{"lightLux":{"ramp":{"from":1,"to":2,"over":"0s"}}}}""", "$.surroundings.lightLux.ramp.over: \"0s\" is no duration; ")]
    [InlineData("""{"version":1,"chips":[],"surroundings":{"lightLux":{"trace":{"file":"absent.csv","column":"Light"}}}}""", "the trace \"absent.csv\" cannot be used (")]
    [InlineData("""{"version":1,"chips":[],"surroundings":{"lightLux":{"constant":1,"within":{"minimum":2,"maximum":1}}}}""", "its minimum is greater than its maximum; exchange them.")]
    [InlineData("""{"version":1,"chips":[{"chip":"SHT31"}],"faults":[{"kind":"noAck"}]}""", "$.faults[0].kind: \"noAck\" is not allowed; ")]
    [InlineData("""{"version":1,"chips":[{"chip":"SHT31"}],"faults":[{"kind":"unplug","chip":"sht3"}]}""", "$.faults[0]: there is no chip named \"sht3\"; did you mean \"sht31\"?")]
    [InlineData("""{"version":1,"chips":[{"chip":"BH1750"}],"faults":[{"kind":"checksumErrors","chip":"bh1750"}]}""", "$.faults[0]: a BH1750 sends no checksums; take this fault out or name another chip.")]
    [InlineData("""{"version":1,"chips":[{"chip":"MCP3008"}],"faults":[{"kind":"noAcknowledge","chip":"mcp3008"}]}""", "which has no acknowledge and no stretching; take")]
    [InlineData("""{"version":1,"chips":[],"faults":[{"kind":"stuckBus"}]}""", "a stuck bus is an I2C bus; give \"i2cBus\": 1.")]
    [InlineData("""{"version":1,"chips":[],"faults":[{"kind":"error","errno":4}]}""", "errno 4 is none that a bus shows; allowed is 5, 6, 11, 110, 121.")]
    [InlineData("""{"version":1,"chips":[],"faults":[{"kind":"error","probability":1.5}]}""", "$.faults[0].probability: 1.5 is not allowed; allowed is a number from 0 to 1.")]
    [InlineData("""{"version":1,"chips":[],"chips":[]}""", "$.chips: stands here twice; leave one of them out.")]
    [InlineData("{\"version\":1,\n\"chips\":[}", "board.json line 2 $: this is no JSON: ")]
    [InlineData("[]", "board.json line 1 $: an array stands where an object { … } is needed.")]
    [InlineData("", "board.json line 1 $: this is no JSON: ")]
    public void A_bad_file_names_line_field_and_remedy(string json, string expected)
    {
        BoardFileException refused = Assert.Throws<BoardFileException>(() => BoardFile.Parse(Encoding.UTF8.GetBytes(json), "board.json"));

        Assert.Contains(refused.Faults, fault => fault.Contains(expected, StringComparison.Ordinal));
        Assert.All(refused.Faults, static fault => Assert.Matches(@"^board\.json line \d+ \$", fault));
    }

    [Fact]
    public void Every_fault_of_a_file_is_named_at_once()
    {
        const string Json = """{"version":1,"seed":-1,"chips":[{"chip":"X"},{"chip":"BME280","bus":"one"}],"extra":1}""";

        BoardFileException refused = Assert.Throws<BoardFileException>(() => BoardFile.Parse(Encoding.UTF8.GetBytes(Json), "b"));

        Assert.Equal(4, refused.Faults.Count);
    }

    [Fact]
    public void No_text_breaks_the_reader()
    {
        byte[] good = Documents.FirstBlock(Documents.Read("board-file.md"), "json");
        Random random = new(1);
        for (int round = 0; round < 3_000; round++)
        {
            byte[] bytes = good[..random.Next(good.Length)];
            for (int i = 0; i < 3 && bytes.Length > 0; i++) { bytes[random.Next(bytes.Length)] = (byte)random.Next(256); }

            try
            {
                BoardFile.Parse(bytes, "b").CreateBoard(new FakeTimeProvider()).Dispose();
            }
            catch (BoardFileException refused)
            {
                Assert.NotEmpty(refused.Faults);
            }
        }
    }

    [Fact]
    public async Task A_trace_beside_the_file_is_what_the_chips_measure()
    {
        string folder = Directory.CreateTempSubdirectory("board").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "room.csv"), "date,Temperature\n2020-01-01 00:00:00,10\n2020-01-01 01:00:00,30\n", TestContext.Current.CancellationToken);
        string path = Path.Combine(folder, "board.json");
        await File.WriteAllTextAsync(path,
            """{"version":1,"chips":[{"chip":"SHT31"}],"surroundings":{"temperatureCelsius":{"trace":{"file":"room.csv","column":"temperature","speed":60}}}}""",
            TestContext.Current.CancellationToken);
        FakeTimeProvider clock = new();
        using EmulatedBoard board = BoardFile.Load(path).CreateBoard(clock);
        clock.Advance(TimeSpan.FromSeconds(30));
        using ISensor sensor = SensorCatalog.Open(new SensorConnection { Chip = "SHT31" }, new EmulatedBusProvider(board), clock);

        SensorReading reading = await Virtual.Run(clock, sensor.MeasureAsync(TestContext.Current.CancellationToken));

        Assert.Equal(20, reading["temperature"], 0.05);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_same_file_makes_the_same_units()
    {
        const string Json = """{"version":1,"seed":5,"chips":[{"chip":"BME280"},{"chip":"BME280","address":"0x77"}]}""";
        BoardFile file = BoardFile.Parse(Encoding.UTF8.GetBytes(Json), "b");

        using EmulatedBoard first = file.CreateBoard(new FakeTimeProvider());
        using EmulatedBoard second = file.CreateBoard(new FakeTimeProvider());

        Assert.Equal(first.Chips["bme280"].Registers, second.Chips["bme280"].Registers);
        Assert.NotEqual(first.Chips["bme280"].Registers, first.Chips["bme280-2"].Registers);
    }
}
