using System.Device.I2c;
using System.Device.Spi;
using System.Text.Json;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>One test over every emulated chip, from nothing but its own table of registers or commands.</summary>
public sealed partial class ChipConformanceTests(ITestOutputHelper output)
{
    private const double LeastCoverage = 0.99;

    private static readonly int[] Patterns = [0xFFFF, 0x0000, 0xAAAA, 0x5555];

    public static TheoryData<string, byte> Registers
    {
        get
        {
            TheoryData<string, byte> all = [];
            foreach (string chip in Chips)
            {
                using BoardBench bench = Bench(chip);
                foreach (RegisterDescription register in bench.Board.Chips.Values.Single().Registers) { all.Add(chip, register.Address); }
            }

            return all;
        }
    }

    public static TheoryData<string, int, int> Commands
    {
        get
        {
            TheoryData<string, int, int> all = [];
            foreach (string chip in Chips.Where(static chip => chip is "SHT31" or "SCD41" or "BH1750"))
            {
                using BoardBench bench = Bench(chip);
                foreach (CommandDescription command in bench.Board.Chips.Values.Single().Commands) { all.Add(chip, command.Code, command.ArgumentWords); }
            }

            return all;
        }
    }

    private static IEnumerable<string> Chips => EmulatedChipCatalog.Entries.Select(static chip => chip.Name);

    [Fact]
    public void Every_chip_has_a_table()
    {
        foreach (string chip in Chips)
        {
            using BoardBench bench = Bench(chip);
            EmulatedChip emulated = bench.Board.Chips.Values.Single();
            Assert.True(emulated.Registers.Count + emulated.Commands.Count > 0, chip);
        }
    }

    [Theory, MemberData(nameof(Registers))]
    public void A_register_has_its_power_on_value_its_write_mask_and_its_access(string chip, byte address)
    {
        foreach (int pattern in Patterns)
        {
            using BoardBench bench = Bench(chip);
            using RegisterWire wire = new(chip, bench.Buses);
            RegisterDescription register = bench.Board.Chips.Values.Single().Registers.Single(one => one.Address == address);
            int value = Harmless(chip, address, wire.HasWords ? pattern : pattern & 0xFF);

            Assert.Equal(AfterStart(chip, address, register.Reset), wire.Read(address));
            wire.Write(address, value);
            int read = wire.Read(address);

            int expected = register.Access == RegisterAccess.ReadWrite ? (register.Reset & ~register.WriteMask) | (value & register.WriteMask) : register.Reset;
            Assert.Equal(AfterStart(chip, address, Shown(chip, address, expected)), read & SteadyBits(chip, address));
            bench.Board.Chips.Values.Single().BrownOut();
            bench.Pass(200);
            Assert.Equal(AfterStart(chip, address, register.Reset), wire.Read(address));
        }
    }

    [Theory, MemberData(nameof(Registers))]
    public void A_longer_read_goes_on_or_repeats_as_the_chip_does(string chip, byte address)
    {
        using BoardBench bench = Bench(chip);
        using RegisterWire wire = new(chip, bench.Buses);
        bool repeats = chip is "ADS1115" or "TCA9548A" || (chip == "MPU-6050" && address == 0x74);
        byte next = chip == "ADXL345" ? (byte)((address + 1) & 0x3F) : (byte)(address + 1);

        byte[] burst = wire.ReadMany(address, wire.HasWords ? 4 : 2);

        if (wire.HasWords) { Assert.Equal(burst[..2], burst[2..]); }
        else { Assert.Equal([wire.Read(address), repeats ? wire.Read(address) : wire.Read(next)], burst.Select(static one => (int)one)); }
    }

    [Theory]
    [InlineData("BME280", 0xE0, 0xB6, 0xF2, 0x05)]
    [InlineData("MPU-6050", 0x6B, 0x80, 0x1B, 0x18)]
    public void A_soft_reset_brings_power_on_values_back(string chip, byte register, byte reset, byte changed, byte value)
    {
        using BoardBench bench = Bench(chip);
        using RegisterWire wire = new(chip, bench.Buses);
        EmulatedChip emulated = bench.Board.Chips.Values.Single();
        wire.Write(changed, value);
        Assert.Equal(value, wire.Read(changed));

        wire.Write(register, reset);
        bench.Pass(200);

        Assert.All(emulated.Registers, one => Assert.Equal(one.Reset, wire.Read(one.Address)));
    }

    [Theory, MemberData(nameof(Commands))]
    public void A_command_is_acknowledged_and_answers_with_its_words_and_their_checksums(string chip, int code, int words)
    {
        using BoardBench bench = Bench(chip);
        using I2cDevice device = bench.Buses.OpenI2c(1, EmulatedChipCatalog.Find(chip).Addresses[0]);
        CommandDescription command = bench.Board.Chips.Values.Single().Commands.Single(one => one.Code == code && one.ArgumentWords == words);
        if (chip == "BH1750")
        {
            device.WriteByte((byte)code);
            device.Read(new byte[2]);
            return;
        }

        if (command.Name is "wake up")
        {
            Assert.Throws<IOException>(() => device.Write([(byte)(code >> 8), (byte)code]));
            return;
        }

        if (command.Name is "fetch data" or "read measurement") { StartPeriodic(bench, device, chip); }

        device.Write([(byte)(code >> 8), (byte)code, .. Enumerable.Repeat(SensirionWord.Encode(600), words).SelectMany(static one => one)]);
        bench.Pass(11_000); // beyond the longest execution time
        if (command.ResponseWords == 0) { return; }

        byte[] answer = new byte[(3 * command.ResponseWords) + 2];
        device.Read(answer);
        Assert.True(SensirionWord.TryDecode(answer.AsSpan(0, 3 * command.ResponseWords), out _));
        Assert.Equal([0xFF, 0xFF], answer[^2..]); // nobody drives the line any more
        Assert.Throws<IOException>(() => device.Read(answer)); // told once
    }

    [Theory]
    [InlineData("SHT31")]
    [InlineData("SCD41")]
    public void Half_a_command_an_unknown_one_and_a_spoilt_argument_change_nothing(string chip)
    {
        using BoardBench bench = Bench(chip);
        using I2cDevice device = bench.Buses.OpenI2c(1, EmulatedChipCatalog.Find(chip).Addresses[0]);
        (int Set, int Get) pair = chip == "SHT31" ? (0x611D, 0xE11F) : (0x2427, 0x2322);
        byte[] before = Ask(bench, device, pair.Get);
        byte[] spoilt = [.. SensirionWord.Encode(1234)];
        spoilt[2] ^= 0x40;

        device.Write([(byte)(pair.Set >> 8), (byte)pair.Set, .. spoilt]);
        bench.Pass(5);
        device.Write([(byte)(pair.Set >> 8)]);
        bench.Pass(5);
        try
        {
            device.Write([0x12, 0x34]);
        }
        catch (IOException refused)
        {
            Assert.StartsWith("Error 121", refused.Message, StringComparison.Ordinal);
        }

        bench.Pass(5);
        Assert.Equal(before, Ask(bench, device, pair.Get));
    }

    [Fact]
    public void Commands_that_a_running_measurement_forbids_are_those_of_the_table()
    {
        using BoardBench bench = Bench("SCD41");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x62);
        Scd41Chip chip = (Scd41Chip)bench.Board.Chips.Values.Single();

        foreach (CommandDescription command in chip.Commands.Where(static one => one.Name != "wake up"))
        {
            chip.BrownOut();
            bench.Pass(50);
            StartPeriodic(bench, device, "SCD41");
            byte[] bytes = [(byte)(command.Code >> 8), (byte)command.Code, .. Enumerable.Repeat(SensirionWord.Encode(1000), command.ArgumentWords).SelectMany(static one => one)];
            int before = chip.ForbiddenCommands;

            bool acknowledged = Acknowledges(() => device.Write(bytes));

            Assert.Equal(command.WhileMeasuring, acknowledged);
            Assert.Equal(command.WhileMeasuring ? before : before + 1, chip.ForbiddenCommands);
        }
    }

    [Fact]
    public void The_walk_over_every_table_touches_everything()
    {
        List<ChipCoverage> report = [.. Chips.Select(Walk)];

        foreach (ChipCoverage chip in report) { output.WriteLine(chip.ToString()); }

        output.WriteLine(JsonSerializer.Serialize(report));
        Assert.All(report, static chip => Assert.True(chip.Ratio >= LeastCoverage, chip.ToString()));
    }

    [Fact]
    public async Task Coverage_tells_what_a_drivers_run_touched()
    {
        using BoardBench bench = Bench("BME280");
        using ISensor sensor = bench.Open(new SensorConnection { Chip = "BME280" });
        Assert.Equal(0, bench.Board.Coverage.Single().Ratio);

        await bench.Measure(sensor);

        ChipCoverage coverage = bench.Board.Coverage.Single();
        Assert.InRange(coverage.Ratio, 0.5, 0.99);
        Assert.Equal(47, coverage.Registers);
        Assert.Contains(coverage.Untouched, static one => one.StartsWith("config", StringComparison.Ordinal)); // not every bit of it
    }

    private static BoardBench Bench(string chip) => new($$"""{"chip":"{{chip}}"}""");

    /// <summary>Values that would reset or silence the chip instead of being stored.</summary>
    private static int Harmless(string chip, byte address, int value) => (chip, address) switch
    {
        ("MPU-6050", 0x6B) => value & 0x7F, // device reset
        ("ADXL345", 0x31) => value & ~0x40, // three-wire SPI
        ("BME280", 0xF4) => value & ~0x03, // a mode other than sleep changes by itself
        _ => value,
    };

    /// <summary>What a register shows some time after power-on, where the chip measures without being told to.</summary>
    private static int AfterStart(string chip, byte address, int reset) => (chip, address) switch
    {
        ("TMP102", 0) => 21 << 8, // the default world's temperature
        _ => reset,
    };

    /// <summary>What a register shows that is not simply stored.</summary>
    private static int Shown(string chip, byte address, int expected) => (chip, address) switch
    {
        ("MPU-6050", 0x6A) => expected & 0x60, // the resets clear themselves
        ("ADS1115", 1) => expected & 0x7FFF,
        ("TMP102", 1) => expected & 0x7FDF,
        _ => expected,
    };

    /// <summary>The bits that no state of the chip changes.</summary>
    private static int SteadyBits(string chip, byte address) => (chip, address) switch
    {
        ("ADS1115", 1) => 0x7FFF, // the operational status
        ("TMP102", 1) => 0x7FDF, // and the alert, which the polarity bit turns round
        _ => 0xFFFF,
    };

    private static ChipCoverage Walk(string chip)
    {
        using BoardBench bench = Bench(chip);
        EmulatedChip emulated = bench.Board.Chips.Values.Single();
        if (emulated.Registers.Count > 0)
        {
            using RegisterWire wire = new(chip, bench.Buses);
            foreach (RegisterDescription register in emulated.Registers)
            {
                wire.Read(register.Address);
                foreach (int pattern in Patterns)
                {
                    wire.Write(register.Address, wire.HasWords ? pattern : pattern & 0xFF);
                    bench.Pass(200); // a reset that this may have begun is over
                }

                emulated.BrownOut();
                bench.Pass(200);
            }
        }
        else if (emulated is EmulatedSpiChip)
        {
            using SpiDevice device = bench.Buses.OpenSpi(new SpiConnectionSettings(0, 0));
            foreach (CommandDescription selection in emulated.Commands) { SpiBench.Exchange(device, 1, (byte)(selection.Code << 4), 0); }
        }
        else
        {
            using I2cDevice device = bench.Buses.OpenI2c(1, EmulatedChipCatalog.Find(chip).Addresses[0]);
            foreach (CommandDescription command in emulated.Commands)
            {
                emulated.BrownOut();
                bench.Pass(50);
                if (command.Name == "wake up") { device.Write([0x36, 0xE0]); }

                bench.Pass(5);
                byte[] code = chip == "BH1750" ? [(byte)command.Code] : [(byte)(command.Code >> 8), (byte)command.Code];
                Acknowledges(() => device.Write([.. code, .. Enumerable.Repeat(SensirionWord.Encode(600), command.ArgumentWords).SelectMany(static one => one)]));
            }
        }

        return emulated.Coverage;
    }

    private static void StartPeriodic(BoardBench bench, I2cDevice device, string chip)
    {
        device.Write(chip == "SHT31" ? [0x27, 0x37] : [0x21, 0xB1]);
        bench.Pass(5_500);
    }

    private static byte[] Ask(BoardBench bench, I2cDevice device, int code)
    {
        device.Write([(byte)(code >> 8), (byte)code]);
        bench.Pass(5);
        byte[] answer = new byte[3];
        device.Read(answer);
        return answer;
    }

    private static bool Acknowledges(Action transfer)
    {
        try
        {
            transfer();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
