using System.Device.Gpio;
using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>The ALERT output of the emulated TMP102 and bit AL: comparator, interrupt, polarity, fault queue, SMBus alert response.</summary>
public sealed class Tmp102AlertTests : IDisposable
{
    private const int Pin = 5;
    private const byte AlertResponseAddress = 0x0C;
    private readonly ChipBench<Tmp102Chip> _bench = new(new() { Chip = "TMP102", InterruptPin = Pin });
    private readonly I2cDevice _device;

    public Tmp102AlertTests()
    {
        _bench.Buses.OpenGpio().OpenPin(Pin, PinMode.InputPullUp);
        _device = _bench.Open();
        _device.Write([2, 0x1E, 0x00]); // 30 °C
        _device.Write([3, 0x28, 0x00]); // 40 °C
    }

    private bool? IsPulledLow => !_bench.Board.Gpio.IsHigh(Pin);

    public void Dispose() => _device.Dispose();

    [Fact]
    public void As_a_comparator_it_asserts_at_the_high_limit_and_lets_go_below_the_low_one()
    {
        Configure(0x60A0);
        (double Celsius, bool Pulled)[] course = [(39.9, false), (40, true), (35, true), (30, true), (29.9, false), (35, false)];
        foreach ((double celsius, bool pulled) in course)
        {
            Settle(celsius);
            Assert.Equal(pulled, IsPulledLow);
            Assert.Equal(pulled ? 0 : 0x0020, Read(1) & 0x0020);
        }
    }

    [Fact]
    public void As_an_interrupt_it_asserts_at_either_limit_in_turn_until_any_register_is_read()
    {
        Configure(0x62A0);
        Settle(41);
        Assert.True(IsPulledLow);
        Read(2);
        Assert.False(IsPulledLow);
        Settle(45);
        Assert.False(IsPulledLow); // not again before it was cold
        Assert.Equal(0, Read(1) & 0x0020); // AL goes on like a comparator
        Settle(29);
        Assert.True(IsPulledLow);
        Assert.Equal(0x0020, Read(1) & 0x0020);
        Assert.False(IsPulledLow);
    }

    [Theory, InlineData(0, 1), InlineData(1, 2), InlineData(2, 4), InlineData(3, 6)]
    public void So_many_conversions_in_a_row_as_the_fault_queue_says_are_needed(int queue, int conversions)
    {
        Configure(0x60A0 | (queue << 11));
        Settle(50, conversions - 1);
        Assert.False(IsPulledLow);
        Settle(20, 1);
        Settle(50, conversions - 1);
        Assert.False(IsPulledLow); // counted from the beginning again
        Settle(50, 1);
        Assert.True(IsPulledLow);
    }

    [Fact]
    public void The_polarity_bit_turns_the_output_and_bit_AL_round()
    {
        Configure(0x64A0);
        Settle(20);
        Assert.True(IsPulledLow);
        Assert.Equal(0, Read(1) & 0x0020);
        Settle(50);
        Assert.False(IsPulledLow);
        Assert.Equal(0x0020, Read(1) & 0x0020);
    }

    [Fact]
    public void The_alert_response_tells_the_address_and_lets_an_interrupt_go()
    {
        using I2cDevice everybody = _bench.Buses.OpenI2c(1, AlertResponseAddress);
        Configure(0x62A0);
        Assert.Throws<IOException>(() => everybody.ReadByte());
        Settle(50);

        Assert.Equal(0x48 << 1, everybody.ReadByte());
        Assert.False(IsPulledLow);
        Assert.Throws<IOException>(() => everybody.ReadByte());
    }

    [Fact]
    public void A_latched_alert_of_an_ADS1115_answers_too_and_the_lowest_address_goes_first()
    {
        using BoardBench bench = new("""{"chip":"ADS1115","interruptPin":6},{"chip":"TMP102","address":"0x49","interruptPin":7}""");
        foreach (int pin in (int[])[6, 7]) { bench.Buses.OpenGpio().OpenPin(pin, PinMode.InputPullUp); }
        using I2cDevice adc = bench.Buses.OpenI2c(1, 0x48);
        using I2cDevice thermometer = bench.Buses.OpenI2c(1, 0x49);
        using I2cDevice everybody = bench.Buses.OpenI2c(1, AlertResponseAddress);
        adc.Write([3, 0x01, 0x00]);
        adc.Write([1, 0xC2, 0x84]); // input 0, continuous, latching, after one conversion
        thermometer.Write([3, 0x10, 0x00]); // 16 °C
        thermometer.Write([2, 0x08, 0x00]);
        thermometer.Write([1, 0x62, 0xA0]);
        bench.Pass(300);
        Assert.False(bench.Board.Gpio.IsHigh(6));

        Assert.Equal(0x48 << 1, everybody.ReadByte());
        Assert.True(bench.Board.Gpio.IsHigh(6));
        Assert.False(bench.Board.Gpio.IsHigh(7));
        Assert.Equal(0x49 << 1, everybody.ReadByte());
    }

    private void Configure(int word) => _device.Write([1, (byte)(word >> 8), (byte)word]);

    /// <summary>Lets so many conversions see a temperature.</summary>
    private void Settle(double celsius, int conversions = 1)
    {
        _bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
        _bench.Pass(250 * conversions);
    }

    private int Read(byte address)
    {
        byte[] word = new byte[2];
        _device.WriteRead([address], word);
        return (word[0] << 8) | word[1];
    }
}
