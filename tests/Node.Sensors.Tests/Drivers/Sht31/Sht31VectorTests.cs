using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

/// <summary>Both sides of the wire against the same literal numbers; neither side sees the other's arithmetic.</summary>
public sealed class Sht31VectorTests
{
    /// <summary>SHT3x-DIS datasheet, table 20, and words from the other examples.</summary>
    public static TheoryData<int, int> Checksums => new()
    {
        { 0xBEEF, 0x92 }, { 0x0000, 0x81 }, { 0xFFFF, 0xAC }, { 0x6666, 0x93 }, { 0x6667, 0xA2 }, { 0x8000, 0xA2 }, { 0x01F4, 0x33 },
        { 0x5EB9, 0x3C }, { 0x8006, 0x04 }, { 0x8010, 0xE1 }, { 0xCD33, 0xFD }, { 0x1440, 0x51 },
    };

    [Theory, MemberData(nameof(Checksums))]
    public void A_checksum_is_the_datasheets_on_both_sides(int word, int checksum)
    {
        Assert.Equal(checksum, SensirionCommands.Checksum((ushort)word));
        Assert.Equal(checksum, SensirionWord.Checksum(word));
    }

    [Fact]
    public void Both_sides_agree_on_the_checksum_of_every_word()
    {
        for (int word = 0; word <= 0xFFFF; word++) { Assert.Equal(SensirionWord.Checksum(word), SensirionCommands.Checksum((ushort)word)); }
    }

    [Fact]
    public void Every_single_wrong_bit_of_a_word_is_found()
    {
        byte[] good = SensirionWord.Encode(0x6666);
        for (int bit = 0; bit < 24; bit++)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(SensirionWord.TryDecode(bad, out _));
            Assert.NotEqual(bad[2], SensirionCommands.Checksum((ushort)((bad[0] << 8) | bad[1])));
        }
    }

    [Theory]
    [InlineData(0x0000, -45.0, 0.0)]
    [InlineData(0x6666, 25.0, 40.0)]
    [InlineData(0x8000, 42.5013, 50.0008)]
    [InlineData(0xFFFF, 130.0, 100.0)]
    public void A_raw_word_means_what_the_datasheet_says(int raw, double celsius, double percent)
    {
        Sht31Frame frame = new((ushort)raw, (ushort)raw);

        Assert.Equal(celsius, frame.Celsius, 4);
        Assert.Equal(percent, frame.Percent, 4);
    }

    [Theory]
    [InlineData(60, 80, 0xCD33)]
    [InlineData(58, 79, 0xCB2D)]
    [InlineData(-9, 22, 0x3869)]
    [InlineData(-10, 20, 0x3466)]
    [InlineData(-45, 0, 0x0000)]
    [InlineData(130, 100, 0xFFFF)]
    public void An_alert_limit_is_packed_as_the_application_note_says(double celsius, double percent, int word) =>
        Assert.Equal(word, new Sht31AlertLimit(celsius, percent).ToWord());
}
