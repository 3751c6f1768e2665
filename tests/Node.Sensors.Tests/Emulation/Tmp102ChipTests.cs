using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>The emulated TMP102 against the datasheet, without a driver.</summary>
public sealed class Tmp102ChipTests : IDisposable
{
    private readonly ChipBench<Tmp102Chip> _bench = new(new() { Chip = "TMP102" });
    private readonly I2cDevice _device;

    public Tmp102ChipTests()
    {
        _device = _bench.Open();
    }

    public static TheoryData<byte> Addresses => [0, 1, 2, 3];

    public void Dispose() => _device.Dispose();

    [Theory, InlineData(0, 0x0000), InlineData(1, 0x60A0), InlineData(2, 0x4B00), InlineData(3, 0x5000)]
    public void Power_on_values(byte address, int word) => Assert.Equal(word, Read(address));

    [Theory, MemberData(nameof(Addresses))]
    public void A_write_changes_the_writable_bits_and_no_others(byte address)
    {
        RegisterDescription description = _bench.Chip.Registers.Single(one => one.Address == address);
        foreach (int value in (int[])[0x7FFF, 0x0000, 0x2AA0, 0x5555])
        {
            int before = Read(address);
            _device.Write([address, (byte)(value >> 8), (byte)value]);

            int alert = address == 1 ? 0x0020 : 0; // not written, but turned round by the polarity bit
            Assert.Equal(((before & ~description.WriteMask) | (value & description.WriteMask)) & ~alert, Read(address) & 0x7FFF & ~alert);
        }
    }

    [Fact]
    public void Awake_it_converts_four_times_a_second()
    {
        Assert.Equal(0x0000, Read(0));
        _bench.Pass(27);
        Assert.Equal(21 << 8, Read(0));
        _bench.Ambient.TemperatureCelsius = Stimulus.Constant(22);
        _bench.Pass(200);
        Assert.Equal(21 << 8, Read(0));
        _bench.Pass(50);
        Assert.Equal(22 << 8, Read(0));
    }

    [Fact]
    public void A_one_shot_is_over_when_its_bit_says_so_and_not_before()
    {
        _device.Write([1, 0x61, 0xA0]);
        _bench.Pass(30);
        Assert.Equal(21 << 8, Read(0)); // what was under way is finished
        _bench.Ambient.TemperatureCelsius = Stimulus.Constant(-10.25);
        _device.Write([1, 0xE1, 0xA0]);
        _bench.Pass(25.9);
        (int running, int old) = (Read(1), Read(0));
        _bench.Pass(0.2);

        Assert.Equal((0x61A0, 21 << 8), (running, old));
        Assert.Equal((0xE1A0, 0xF5C0), (Read(1), Read(0)));
    }

    [Fact]
    public void The_pointer_outlives_a_stop_and_a_brown_out_resets()
    {
        _device.Write([3]);
        byte[] word = new byte[2];
        _device.Read(word);
        _device.Write([2, 0x10, 0x00]);

        Assert.Equal([0x50, 0x00], word);
        Assert.Equal(0x1000, Read(2));
        _bench.Chip.BrownOut();
        Assert.Equal(0x4B00, Read(2));
    }

    [Theory, InlineData(200.0, 0x7FF0), InlineData(-200.0, 0x8000)]
    public void Beyond_its_range_the_word_stays_at_its_end(double celsius, int word)
    {
        _bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
        _bench.Pass(30);

        Assert.Equal(word, Read(0));
    }

    [Theory, InlineData(25.0, 0x0C81), InlineData(150.0, 0x4B01), InlineData(-55.0, 0xE481), InlineData(300.0, 0x7FF9)]
    public void In_extended_mode_a_word_has_13_bits_and_says_so(double celsius, int word)
    {
        _bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
        _device.Write([1, 0x02, 0x90]); // what the kernel's driver writes, and then reads back

        Assert.Equal(0x0290, Read(1) & 0x9F9F & ~0x0020);
        _bench.Pass(260);
        Assert.Equal(word, Read(0));
        _device.Write([3, 0x46, 0x08]); // 140.0625 °C: beyond what 12 bits can say
        Assert.Equal(0x4608, Read(3));
    }

    private int Read(byte address)
    {
        byte[] word = new byte[2];
        _device.WriteRead([address], word);
        return (word[0] << 8) | word[1];
    }
}
