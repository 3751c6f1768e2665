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

        byte[] packed = Encode(readings, level);

        Assert.Equal(readings.Select(Fields), PacketCodec.Decode(packed, readings.Length).Select(Fields));
    }

    [Fact]
    public void What_is_packed_fast_is_still_well_below_half_of_its_size()
    {
        PacketReading[] readings = Readings(256);
        int plain = readings.Sum(reading => reading.Component.Length + reading.Body.Length);

        (int small, int fast) = (Encode(readings, CompressionLevel.Optimal).Length, Encode(readings, CompressionLevel.Fastest).Length);

        Assert.InRange(fast, small, plain / 2);
    }

    [Fact]
    public void In_haste_what_hardly_compresses_is_kept_as_it_is_until_something_else_comes()
    {
        PacketReading[] noise = [.. Readings(100).Select((reading, number) => reading with { Body = Noise(number) })];
        PacketReading[] readings = Readings(600);
        using var encoder = new PacketEncoder();

        int[] noisy = [.. Enumerable.Range(0, 16).Select(_ => encoder.Encode(noise, CompressionLevel.Fastest).Length)];
        byte[] packed = encoder.Encode(noise, CompressionLevel.Optimal).ToArray();
        byte[] later = encoder.Encode(readings, CompressionLevel.Fastest).ToArray();

        int plain = noise.Sum(reading => reading.Body.Length);
        Assert.All(noisy, length => Assert.InRange(length, plain, plain * 105 / 100));
        Assert.InRange(packed.Length, plain / 3, plain * 2 / 3);
        Assert.InRange(later.Length, 1, readings.Sum(reading => reading.Body.Length) / 2);
        Assert.Equal(readings.Select(Fields), PacketCodec.Decode(later, readings.Length).Select(Fields));
        Assert.Equal(noise.Select(Fields), PacketCodec.Decode(encoder.Encode(noise, CompressionLevel.NoCompression), noise.Length).Select(Fields));
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.Fastest)]
    public void A_packet_with_a_wrong_byte_anywhere_is_told(CompressionLevel level)
    {
        PacketReading[] readings = Readings(5);
        byte[] packed = Encode(readings, level);

        Assert.All(Enumerable.Range(0, packed.Length), place =>
        {
            byte[] wrong = [.. packed];
            wrong[place] ^= 0x55;
            Assert.Throws<SqliteException>(() => PacketCodec.Decode(wrong, readings.Length));
        });
    }

    private static byte[] Encode(PacketReading[] readings, CompressionLevel level)
    {
        using var encoder = new PacketEncoder();
        return encoder.Encode(readings, level).ToArray();
    }

    private static (string, long, bool, long?, string?, string) Fields(PacketReading reading) =>
        (reading.Component, reading.SampledAt, reading.TimeSynced, reading.Monotonic, reading.Quality, Encoding.UTF8.GetString(reading.Body.Span));

    private static byte[] Noise(int seed)
    {
        byte[] bytes = new byte[128];
        new Random(seed).NextBytes(bytes);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes));
    }

    private static PacketReading[] Readings(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(number => new PacketReading(
            number % 3 == 0 ? "door" : "climate", number * 50_000_000L, number % 4 != 0, number % 4 == 0 ? number : null, number % 7 == 0 ? "stuck" : null,
            Encoding.UTF8.GetBytes($$"""{"temperature":{{random.Next(2_000, 3_000) / 100.0}},"humidity":{{random.Next(40, 60)}}}""")))];
    }
}
