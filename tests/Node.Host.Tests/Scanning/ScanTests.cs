using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Scanning;
using Node.Host.Tests.TestKit;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.Scanning;

public sealed class ScanTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_grid_is_i2cdetects_letter_for_letter()
    {
        ScanReport report = await ScanAsync(Board(("BME280", 0x77), ("BH1750", 0x23)));

        Assert.Equal(
            """
                 0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f
            00:          -- -- -- -- -- -- -- -- -- -- -- -- -- 
            10: -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- 
            20: -- -- -- 23 -- -- -- -- -- -- -- -- -- -- -- -- 
            30: -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- 
            40: -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- 
            50: -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- 
            60: -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- 
            70: -- -- -- -- -- -- -- 77                         

            """, Assert.Single(report.I2c).Grid);
    }

    [Fact]
    public void A_driver_of_the_kernel_shows_as_UU() =>
        Assert.Contains("60: -- -- -- -- -- -- -- -- UU -- ", new I2cGrid(new Dictionary<int, AddressState> { [0x68] = AddressState.TakenByDriver }).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("BME280", 0x76, true)]
    [InlineData("MPU-6050", 0x69, true)]
    [InlineData("SHT31", 0x45, true)]
    [InlineData("SCD41", 0x62, true)]
    [InlineData("BH1750", 0x5C, false)]
    [InlineData("ADS1115", 0x4A, false)]
    public async Task A_chip_is_named_by_its_id_or_where_it_has_none_by_its_address(string chip, int address, bool byId)
    {
        ScanReport report = await ScanAsync(Board((chip, address)));

        I2cChipFound found = Assert.Single(report.I2c[0].Chips);
        Assert.Equal((chip, byId, $"0x{address:x2}"), (found.Chip, found.ById, found.Address));
        Assert.Empty(report.Problems);
    }

    [Theory]
    [InlineData("BME280", 0x76)]
    [InlineData("MPU-6050", 0x68)]
    [InlineData("SHT31", 0x44)]
    [InlineData("SCD41", 0x62)]
    [InlineData("BH1750", 0x23)]
    [InlineData("ADS1115", 0x48)]
    public async Task A_scan_in_the_middle_of_a_run_leaves_the_chip_as_it_is(string chip, int address)
    {
        EmulatedBoard board = Board((chip, address));
        using var buses = new EmulatedBusProvider(board);
        var options = new SensorOptions { Name = "s", Chip = chip, Address = address };
        using Node.Sensors.Drivers.ISensor sensor = Buses.OpenSensor(options, buses, _time);
        Node.Sensors.Drivers.SensorReading before = await ThroughAsync(sensor.MeasureAsync(Cancelled).AsTask());

        await ScanAsync(board);
        Node.Sensors.Drivers.SensorReading after = await ThroughAsync(sensor.MeasureAsync(Cancelled).AsTask());

        Assert.Equal(before.Values.Select(value => value.Quantity.Name), after.Values.Select(value => value.Quantity.Name));
        Assert.All(before.Values.Zip(after.Values), pair => Assert.InRange(Math.Abs(pair.First.Value - pair.Second.Value), 0, 0.05 * Math.Max(1, Math.Abs(pair.First.Value))));
    }

    [Fact]
    public async Task A_wrong_chip_is_named_with_what_to_set()
    {
        EmulatedBoard board = Board(("MPU-6050", 0x68));
        var wrong = new SensorOptions { Name = "imu", Chip = "BME280", Address = 0x68 };

        ScanProblem problem = Assert.Single((await ScanAsync(board, wrong)).Problems);

        Assert.Equal("imu: configured is a BME280, but register 0x75 reads 0x68, which is MPU-6050", problem.Problem);
        Assert.Equal("set Node:Sensors:imu:Chip to MPU-6050, or change the chip", problem.Remedy);
    }

    [Fact]
    public async Task An_absent_chip_is_named_with_its_place()
    {
        ScanProblem problem = Assert.Single((await ScanAsync(Board(), new SensorOptions { Name = "climate", Chip = "BME280", Address = 0x76 })).Problems);

        Assert.Equal(("/dev/i2c-1", "climate: no BME280 answers at 0x76"), (problem.Place, problem.Problem));
    }

    [Fact]
    public async Task Chips_behind_a_multiplexer_are_found_by_channel_and_every_channel_is_closed_again()
    {
        var options = new EmulatedBoardOptions
        {
            Chips =
            [
                new() { Chip = "TCA9548A", Address = 0x70 },
                new() { Chip = "BME280", Address = 0x76, Mux = new I2cMuxChannel(0x70, 0) },
                new() { Chip = "BME280", Address = 0x76, Mux = new I2cMuxChannel(0x70, 5) },
            ],
        };
        var board = new EmulatedBoard(options, GeneratedRoom.Create(1), _time);
        SensorOptions[] sensors = [Behind("a", 0), Behind("b", 5), Behind("c", 6)];

        ScanReport report = await ScanAsync(board, sensors);

        Assert.Equal([null, "0x70/0", "0x70/5", "0x70/6"], report.I2c.Select(bus => bus.Mux));
        Assert.Equal(["a", "b"], report.I2c.SelectMany(bus => bus.Chips).Where(chip => chip.Chip == "BME280").Select(chip => chip.Sensor));
        Assert.Equal("c: no BME280 answers at 0x76", Assert.Single(report.Problems).Problem);
        Assert.DoesNotContain(" 76 ", (await ScanAsync(board, sensors)).I2c[0].Grid, StringComparison.Ordinal);

        static SensorOptions Behind(string name, int channel) => new() { Name = name, Chip = "BME280", Address = 0x76, Mux = new I2cMuxChannel(0x70, channel) };
    }

    [Fact]
    public async Task A_multiplexer_that_nobody_configured_is_recognised_and_looked_behind_when_asked_and_left_as_it_was()
    {
        EmulatedBoard board = new(
            new EmulatedBoardOptions
            {
                Chips =
                [
                    new() { Chip = "BME280", Address = 0x77 },
                    new() { Chip = "TCA9548A", Address = 0x71 },
                    new() { Chip = "SHT31", Address = 0x44, Mux = new I2cMuxChannel(0x71, 2) },
                    new() { Chip = "BH1750", Address = 0x23, Mux = new I2cMuxChannel(0x71, 7) },
                ],
            },
            new Ambient(), _time);
        _time.Advance(TimeSpan.FromSeconds(1));

        ScanReport untouched = await ScanAsync(board);
        ScanReport report = await ScanAsync(board, MuxReach.Every);

        Assert.Equal([null], untouched.I2c.Select(bus => bus.Mux));
        Assert.Equal("a TCA9548A multiplexer or an HT16K33", untouched.I2c[0].Chips.Single(chip => chip.Address == "0x71").Chip);
        Assert.Equal([null, "0x71/2", "0x71/7"], report.I2c.Select(bus => bus.Mux));
        Assert.True(report.I2c[0].Chips.Single(chip => chip.Chip == "TCA9548A multiplexer").ById);
        Assert.Equal(["BME280", "SHT31", "BH1750"], report.I2c.SelectMany(bus => bus.Chips).Select(chip => chip.Chip!).Where(chip => chip != "TCA9548A multiplexer"));
        Assert.Contains(" 44 ", report.I2c[1].Grid, StringComparison.Ordinal);
        Assert.DoesNotContain(" 77 ", report.I2c[1].Grid, StringComparison.Ordinal);
        Assert.Equal(0, ((Tca9548aChip)board.I2cBuses.Single().Chips[0x71]).OpenChannels);
        Assert.Empty(report.Problems);
    }

    [Fact]
    public async Task A_chip_on_SPI_is_asked_by_its_driver_and_only_where_it_is_configured()
    {
        var options = new EmulatedBoardOptions { Chips = [new() { Chip = "ADXL345", ChipSelect = 1 }] };
        var board = new EmulatedBoard(options, GeneratedRoom.Create(1), _time);

        ScanReport report = await ScanAsync(board, new SensorOptions { Name = "shock", Chip = "ADXL345", ChipSelect = 1 }, new SensorOptions { Name = "gone", Chip = "ADXL345", ChipSelect = 0 });

        Assert.Equal([(0, null), (1, "ADXL345")], report.Spi.Select(place => (place.ChipSelect, place.Chip)));
        Assert.StartsWith("gone: ", Assert.Single(report.Problems).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "does not exist", "devices: [\"/dev/i2c-1:/dev/i2c-1\"]")]
    [InlineData(2, "does not exist", "dtparam=i2c_arm=on")]
    [InlineData(13, "may not be opened", "group_add: [\"i2c\"]")]
    [InlineData(16, "is in use", "sudo fuser -v /dev/i2c-1")]
    public void A_node_that_cannot_be_used_says_the_exact_line_that_helps(int errno, string problem, string remedy)
    {
        (string what, string helps) = Node.Host.Machine.DeviceNode.Explain(Node.Host.Machine.DeviceKind.I2c, "/dev/i2c-1", errno);

        Assert.Contains(problem, what, StringComparison.Ordinal);
        Assert.Contains(remedy, helps, StringComparison.Ordinal);
    }

    [Fact]
    public void The_machines_buses_are_its_device_nodes()
    {
        using var folder = new TemporaryFolder();
        foreach (string node in (string[])["i2c-1", "i2c-20", "i2c-x", "spidev0.0", "spidev10.1", "gpiochip4", "tty1"])
        {
            File.WriteAllBytes(folder.File(node), []);
        }

        BusInventory found = BusInventory.OfMachine(folder.Path);

        Assert.Equal([1, 20], found.I2c);
        Assert.Equal([(0, 0), (10, 1)], found.Spi);
        Assert.Equal(folder.File("gpiochip4"), Assert.Single(found.Gpio).Node);
        Assert.NotEqual(0, found.Gpio[0].Errno); // A file is no GPIO chip.
    }

    [Fact]
    public void A_gpio_line_tells_who_uses_it()
    {
        byte[] line = new byte[256]; // struct gpio_v2_line_info
        "fan-control\0"u8.CopyTo(line.AsSpan(32));
        line[64] = 17;

        Assert.Null(Node.Host.Machine.GpioLines.UserIn(line));
        line[72] = 1; // GPIO_V2_LINE_FLAG_USED
        Assert.Equal("fan-control", Node.Host.Machine.GpioLines.UserIn(line));
    }

    [Fact]
    public async Task The_command_scans_an_emulated_board_as_text_and_as_json()
    {
        using var folder = new TemporaryFolder();
        using var text = new NodeProcess(folder.Path, ["scan"]);
        Assert.Equal(0, await text.EndAsync(Cancelled));
        Assert.Contains("70: -- -- -- -- -- -- 76 -- ", text.Output, StringComparison.Ordinal);
        Assert.Contains("BME280 (register 0xD0 reads 0x60)  = climate", text.Output, StringComparison.Ordinal);

        using var json = new NodeProcess(folder.Path, ["scan", "--json"]);
        Assert.Equal(0, await json.EndAsync(Cancelled));
        Assert.Equal("BME280", (string)JsonNode.Parse(json.Output)!["i2c"]![0]!["chips"]![0]!["chip"]!);
    }

    /// <summary>A board that has been on for a minute, so that every chip has started.</summary>
    /// <summary>Lets time pass until it is done.</summary>
    private async Task<T> ThroughAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        return await work;
    }

    private EmulatedBoard Board(params (string Chip, int Address)[] chips)
    {
        var options = new EmulatedBoardOptions { Chips = [.. chips.Select(chip => new EmulatedChipOptions { Chip = chip.Chip, Address = chip.Address })] };
        var board = new EmulatedBoard(options, GeneratedRoom.Create(1), _time);
        _time.Advance(TimeSpan.FromMinutes(1));
        return board;
    }

    private Task<ScanReport> ScanAsync(EmulatedBoard board, params SensorOptions[] sensors) => ScanAsync(board, MuxReach.Configured, sensors);

    private async Task<ScanReport> ScanAsync(EmulatedBoard board, MuxReach reach, params SensorOptions[] sensors)
    {
        using var buses = new EmulatedBusProvider(board);
        var scanner = new BusScanner(buses, BusInventory.OfProvider(sensors), sensors, bus => new TransferProbe(buses, bus), sensor => Buses.OpenSensor(sensor, buses, _time), _time);
        return await ThroughAsync(scanner.ScanAsync(reach, Cancelled));
    }
}
