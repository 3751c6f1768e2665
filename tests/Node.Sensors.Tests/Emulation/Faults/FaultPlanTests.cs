using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class FaultPlanTests
{
    [Theory]
    [InlineData(BusFaultKind.NoAcknowledge, null, 121)]
    [InlineData(BusFaultKind.NoAcknowledge, 6, 6)]
    [InlineData(BusFaultKind.Timeout, null, 110)]
    [InlineData(BusFaultKind.ClockStretch, null, 110)]
    [InlineData(BusFaultKind.Error, null, 5)]
    [InlineData(BusFaultKind.Error, 11, 11)]
    [InlineData(BusFaultKind.Unplug, null, 121)]
    [InlineData(BusFaultKind.StuckBus, null, 110)]
    public void The_program_sees_the_errno_that_a_pi_shows(BusFaultKind kind, int? errno, int expected)
    {
        using BoardBench bench = new("""{"chip":"BME280"},{"chip":"BH1750"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);
        bench.Board.Faults.Add(new BusFault { Kind = kind, Errno = errno, Chip = kind == BusFaultKind.StuckBus ? null : "bme280", I2cBus = kind == BusFaultKind.StuckBus ? 1 : null, At = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(1) });
        using I2cDevice other = bench.Buses.OpenI2c(1, 0x23);

        device.Write([]);
        bench.Pass(900); // the board was switched on 100 ms before
        IOException failure = Assert.Throws<IOException>(() => device.Write([]));
        if (kind != BusFaultKind.StuckBus) { other.Write([]); }

        bench.Pass(1_000);
        device.Write([]);
        Assert.StartsWith($"Error {expected} (", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(" performing I2C data transfer.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_that_is_taken_away_while_it_acts_leaves_nothing_behind()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);
        BusFault wrong = new() { Kind = BusFaultKind.WrongId, Chip = "bme280" };
        bench.Board.Faults.Add(wrong);
        byte[] during = new byte[1];
        byte[] after = new byte[1];

        device.WriteRead([0xD0], during);
        bench.Board.Faults.Remove(wrong);
        device.WriteRead([0xD0], after);

        Assert.Equal((0xA5, 0x60), (during[0], after[0]));
    }

    [Theory]
    [InlineData("bh1750", null, 110, 0)]
    [InlineData("adxl345", null, 0, 0)] // It has no data line of I2C to hold.
    [InlineData(null, 0, 0, 0)]
    [InlineData(null, null, 110, 110)]
    public void A_data_line_that_is_held_stops_its_own_bus_alone(string? chip, int? spiBus, int first, int second)
    {
        using BoardBench bench = new("""{"chip":"BME280"},{"chip":"BH1750"},{"chip":"BME280","bus":3},{"chip":"ADXL345"}""");
        using I2cDevice one = bench.Buses.OpenI2c(1, 0x76);
        using I2cDevice other = bench.Buses.OpenI2c(3, 0x76);

        bench.Board.Faults.Add(new BusFault { Kind = BusFaultKind.StuckBus, Chip = chip, SpiBus = spiBus });

        Assert.Equal((first, second), (Errno(one), Errno(other)));

        static int Errno(I2cDevice device) =>
            Record.Exception(() => device.Write([])) is { } failure ? int.Parse(failure.Message.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    [Fact]
    public void The_bytes_before_the_refused_one_reach_the_chip()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""", """{"kind":"noAcknowledgeAtByte","chip":"bme280","byte":2,"for":"200ms"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);

        Assert.StartsWith("Error 121", Assert.Throws<IOException>(() => device.Write([0xF2, 0x05, 0xF5, 0xA0])).Message, StringComparison.Ordinal);
        byte[] read = new byte[4];
        device.WriteRead([0xF2], read);

        Assert.Equal(0x05, read[0]);
        Assert.Equal(0x00, read[3]);
    }

    [Fact]
    public void A_stretch_within_the_controllers_patience_only_takes_time()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""", """{"kind":"clockStretch","chip":"bme280","stretch":"900ms"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);

        device.Write([]);

        Assert.Equal(TimeSpan.FromMilliseconds(900), bench.Board.Chips["bme280"].Faults!.StretchedTime);
    }

    [Theory]
    [InlineData(FlipDirection.Read)]
    [InlineData(FlipDirection.Write)]
    [InlineData(FlipDirection.Both)]
    public void Bits_flip_as_often_as_told_in_the_direction_told_and_the_same_each_time(FlipDirection direction)
    {
        int[] counts = [.. Enumerable.Range(0, 2).Select(_ => Flips(direction))];

        Assert.Equal(counts[0], counts[1]);
        Assert.InRange(counts[0], 20_000 * 0.05 * 0.8, 20_000 * 0.05 * (direction == FlipDirection.Both ? 2.2 : 1.2));
    }

    [Fact]
    public void Probability_decides_how_many_transfers_are_hit()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""", """{"kind":"noAcknowledge","chip":"bme280","probability":0.25}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);

        int refused = Enumerable.Range(0, 4_000).Count(_ => Fails(() => device.Write([])));

        Assert.InRange(refused, 900, 1_100);
    }

    [Fact]
    public void Nine_pulses_of_the_clock_free_a_stuck_bus_and_eight_do_not()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""", """{"kind":"stuckBus","i2cBus":1}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);
        using GpioController gpio = bench.Buses.OpenGpio();
        using GpioPin clock = gpio.OpenPin(3, PinMode.Output, PinValue.Low);

        Pulse(8);
        Assert.True(Fails(() => device.Write([])));
        Pulse(1);

        device.Write([]);

        void Pulse(int count)
        {
            for (int i = 0; i < count; i++)
            {
                clock.Write(PinValue.High);
                clock.Write(PinValue.Low);
            }
        }
    }

    [Fact]
    public void A_bus_that_is_stuck_until_the_end_is_not_freed_by_pulses()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""", """{"kind":"stuckBus","i2cBus":1,"until":"end","for":"2s"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);
        Assert.True(bench.Board.TryGetI2cBus(1, out EmulatedI2cBus? bus));

        bus.Pulse();
        Assert.True(Fails(() => device.Write([])));
        bench.Pass(2_000);

        device.Write([]);
    }

    [Fact]
    public void A_brown_out_nobody_saw_leaves_power_on_values_and_one_that_lasts_leaves_silence()
    {
        using BoardBench bench = new("""{"chip":"BME280"},{"chip":"ADXL345"}""",
            """{"kind":"brownOut","chip":"bme280","at":"1s"},{"kind":"brownOut","chip":"bme280","at":"2s","for":"500ms"},{"kind":"unplug","chip":"adxl345","at":"1s","for":"1s"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);
        using SpiDevice spi = bench.Buses.OpenSpi(new SpiConnectionSettings(0, 0) { Mode = SpiMode.Mode3 });
        byte[] read = new byte[1];
        device.Write([0xF2, 0x05]);

        bench.Pass(1_000);
        device.WriteRead([0xF2], read);
        Assert.Equal(0, read[0]);
        Assert.Equal(0xFF, SpiBench.Exchange(spi, 0x80, 0)[1]);
        bench.Pass(1_000);
        Assert.True(Fails(() => device.Write([])));
        Assert.Equal(0xE5, SpiBench.Exchange(spi, 0x80, 0)[1]);
        bench.Pass(500);

        device.Write([]);
    }

    [Fact]
    public async Task A_stale_chip_shows_the_world_of_the_beginning_and_then_the_truth()
    {
        using BoardBench bench = new("""{"chip":"SHT31","tolerances":true}""");
        using ISensor sensor = bench.Open(new SensorConnection { Chip = "SHT31" });
        await bench.Measure(sensor);
        bench.Board.Faults.Add(new BusFault { Kind = BusFaultKind.StaleValue, Chip = "sht31", At = bench.Board.Elapsed, Duration = TimeSpan.FromSeconds(2) });
        double[] stale = [(await bench.Measure(sensor))["temperature"], (await bench.Measure(sensor))["temperature"]];
        bench.Board.Ambient.TemperatureCelsius = bench.Board.Ambient.TemperatureCelsius.Plus(Stimulus.Step(0, 20, bench.Board.Elapsed));
        bench.Pass(2_000);

        Assert.Equal(stale[0], stale[1]); // noise and all
        Assert.Equal(stale[0] + 20, (await bench.Measure(sensor))["temperature"], 0.5);
    }

    [Theory]
    [InlineData("BME280", true, 85.0)]
    [InlineData("ADS1115", true, 2.048)]
    [InlineData("MPU-6050", false, -2.0)]
    public async Task Saturation_is_out_of_range_or_the_end_of_it(string chip, bool high, double end)
    {
        using BoardBench bench = new($$"""{"chip":"{{chip}}"}""");
        using ISensor sensor = bench.Open(new SensorConnection { Chip = chip });
        bench.Board.Faults.Add(new BusFault { Kind = BusFaultKind.Saturation, IsHigh = high });

        try
        {
            SensorReading reading = await bench.Measure(sensor);
            Assert.Equal(end, reading.Values[0].Value, 0.01);
        }
        catch (SensorException refused)
        {
            Assert.Equal(SensorFault.OutOfRange, refused.Fault);
        }
    }

    [Fact]
    public void A_fault_taken_away_is_over_and_impossible_numbers_are_refused()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);
        BusFault unplugged = new() { Kind = BusFaultKind.Unplug, Chip = "bme280" };

        bench.Board.Faults.Add(unplugged);
        Assert.True(Fails(() => device.Write([])));
        Assert.True(bench.Board.Faults.Remove(unplugged));
        device.Write([]);

        Assert.False(bench.Board.Faults.Remove(unplugged));
        Assert.Throws<ArgumentException>(() => bench.Board.Faults.Add(unplugged with { Probability = 2 }));
        Assert.Throws<ArgumentException>(() => bench.Board.Faults.Add(unplugged with { Factor = 0 }));
    }

    [Fact]
    public void Errors_of_spi_carry_its_text()
    {
        using BoardBench bench = new("""{"chip":"MCP3008"}""", """{"kind":"error","spiBus":0}""");
        using SpiDevice device = bench.Buses.OpenSpi(new SpiConnectionSettings(0, 0));

        Assert.Equal("Error 5 (Input/output error) performing SPI data transfer.", Assert.Throws<IOException>(() => device.TransferFullDuplex(new byte[3], new byte[3])).Message);
    }

    /// <summary>How many of 20,000 bits that are read from a constant register, or written into one, are wrong.</summary>
    private static int Flips(FlipDirection direction)
    {
        using BoardBench bench = new("""{"chip":"TCA9548A"}""", $$"""{"kind":"bitFlips","chip":"tca9548a","probability":0.05,"direction":"{{direction}}"}""", seed: 9);
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x70);
        int wrong = 0;
        for (int i = 0; i < 2_500; i++)
        {
            device.WriteByte(0x00);
            wrong += int.PopCount(device.ReadByte());
        }

        return wrong;
    }

    private static bool Fails(Action transfer)
    {
        try
        {
            transfer();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
