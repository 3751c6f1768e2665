using System.IO.Compression;
using System.Text;
using Microsoft.Data.Sqlite;
using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

public sealed class PacketCodecTests
{
    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.Fastest)]
    public void Readings_packed_at_any_level_are_read_back(CompressionLevel level)
    {
        PacketReading[] readings = Readings(300);

        byte[] packed = PacketCodec.Encode(readings, level);

        Assert.Equal(readings.Select(Fields), PacketCodec.Decode(packed, readings.Length).Select(Fields));
    }

    [Fact]
    public void What_is_packed_fast_is_still_well_below_half_of_its_size()
    {
        PacketReading[] readings = Readings(256);
        int plain = readings.Sum(reading => reading.Component.Length + reading.Body.Length);

        (int small, int fast) = (PacketCodec.Encode(readings).Length, PacketCodec.Encode(readings, CompressionLevel.Fastest).Length);

        Assert.InRange(fast, small, plain / 2);
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.Fastest)]
    public void A_packet_with_a_wrong_byte_anywhere_is_told(CompressionLevel level)
    {
        PacketReading[] readings = Readings(5);
        byte[] packed = PacketCodec.Encode(readings, level);

        Assert.All(Enumerable.Range(0, packed.Length), place =>
        {
            byte[] wrong = [.. packed];
            wrong[place] ^= 0x55;
            Assert.Throws<SqliteException>(() => PacketCodec.Decode(wrong, readings.Length));
        });
    }

    private static (string, long, bool, long?, string?, string) Fields(PacketReading reading) =>
        (reading.Component, reading.SampledAt, reading.TimeSynced, reading.Monotonic, reading.Quality, Encoding.UTF8.GetString(reading.Body.Span));

    private static PacketReading[] Readings(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(number => new PacketReading(
            number % 3 == 0 ? "door" : "climate", number * 50_000_000L, number % 4 != 0, number % 4 == 0 ? number : null, number % 7 == 0 ? "stuck" : null,
            Encoding.UTF8.GetBytes($$"""{"temperature":{{random.Next(2_000, 3_000) / 100.0}},"humidity":{{random.Next(40, 60)}}}""")))];
    }
}
