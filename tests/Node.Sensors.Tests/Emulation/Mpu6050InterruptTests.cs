using System.Device.Gpio;
using System.Device.I2c;
using Node.Sensors.Emulation;
using static Node.Sensors.Tests.Emulation.Mpu6050Probe;

namespace Node.Sensors.Tests.Emulation;

public sealed class Mpu6050InterruptTests
{
    [Fact]
    public void Only_an_enabled_cause_sets_its_status_bit()
    {
        Bench bench = Awake(out I2cDevice device);

        bench.Clock.Advance(StartUp);

        Assert.Equal(0x00, Read(device, Status));
    }

    [Theory, InlineData(0x00, true, false), InlineData(0x80, false, true)]
    public void Unlatched_the_output_gives_a_short_pulse_for_each_sample(byte configuration, bool asserted, bool idle)
    {
        Bench bench = Wired(out I2cDevice device, out List<PinEdge> edges);
        device.Write([InterruptPin, configuration, 0x01]);
        Assert.Equal(idle, bench.Board.Gpio.IsHigh(Pin));
        edges.Clear();

        for (int step = 0; step < 3_010; step++) { bench.Clock.Advance(TimeSpan.FromMicroseconds(10)); }

        Assert.Equal([asserted, idle, asserted, idle, asserted, idle], edges.Select(static edge => edge.IsRising));
        Assert.All(edges.Chunk(2), static pulse => Assert.Equal(50, (pulse[1].At - pulse[0].At).TotalMicroseconds, 10.0));
    }

    [Fact]
    public void Latched_the_output_stays_until_the_status_is_read()
    {
        Bench bench = Wired(out I2cDevice device, out List<PinEdge> edges);
        device.Write([InterruptPin, 0x20, 0x01]);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(95));
        Assert.True(bench.Board.Gpio.IsHigh(Pin));
        ReadData(device);
        Assert.True(bench.Board.Gpio.IsHigh(Pin));
        Read(device, Status);
        Assert.False(bench.Board.Gpio.IsHigh(Pin));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(10));

        Assert.True(bench.Board.Gpio.IsHigh(Pin));
        Assert.Equal([true, false, true], edges.Select(static edge => edge.IsRising));
    }

    [Fact]
    public void Latched_with_clear_on_any_read_the_data_clear_it_too()
    {
        Bench bench = Wired(out I2cDevice device, out _);
        device.Write([InterruptPin, 0x30, 0x01]);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.True(bench.Board.Gpio.IsHigh(Pin));
        ReadData(device);

        Assert.False(bench.Board.Gpio.IsHigh(Pin));
    }

    [Fact]
    public void An_open_drain_only_pulls_low_and_lost_supply_lets_go()
    {
        Bench bench = Wired(out I2cDevice device, out _);
        using GpioController gpio = bench.Buses.OpenGpio();
        gpio.OpenPin(Pin, PinMode.InputPullUp);
        device.Write([InterruptPin, 0xE0, 0x01]); // active low, open drain, latched
        Assert.True(bench.Board.Gpio.IsHigh(Pin));

        bench.Clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.False(bench.Board.Gpio.IsHigh(Pin));
        bench.Chip.IsPowered = false;

        Assert.True(bench.Board.Gpio.IsHigh(Pin));
    }
}
