using System.IO.Compression;
using System.Text;

namespace Node.Host.Spool;

/// <summary>Packs readings into the bytes that <see cref="PacketCodec"/> unpacks, again and again into the same arrays. Not thread-safe.</summary>
internal sealed class PacketEncoder : IDisposable
{
    private const int SampleBytes = 4 * 1024;
    private const int PacketsALook = 16;
    private const int SampledFrom = 4 * SampleBytes; // A smaller packet is not worth the look.

    private readonly MemoryStream _plain = new();
    private readonly MemoryStream _packed = new();
    private readonly BinaryWriter _writer;
    private uint _sinceLook;
    private bool _hardlyCompresses;

    public PacketEncoder() => _writer = new BinaryWriter(_plain, Encoding.UTF8);

    /// <summary>Packs the readings, at any level into the same form.</summary>
    /// <param name="readings">Of one packet.</param>
    /// <param name="level">How hard. At the fastest, what hardly compresses is not compressed at all.</param>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> Encode(IReadOnlyList<PacketReading> readings, CompressionLevel level)
    {
        _plain.SetLength(0);
        WriteColumns(_writer, readings);
        ReadOnlySpan<byte> plain = _plain.GetBuffer().AsSpan(0, (int)_plain.Length);
        bool isWorthNothing = level == CompressionLevel.Fastest && plain.Length >= SampledFrom && HardlyCompresses(plain);
        return Compress(plain, isWorthNothing ? CompressionLevel.NoCompression : level);
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>Whether a sample of the bodies, which come last, keeps more than half of its size. What comes fast is much of a kind: not each packet is looked at.</summary>
    private bool HardlyCompresses(ReadOnlySpan<byte> plain)
    {
        if (_sinceLook++ % PacketsALook == 0)
        {
            _hardlyCompresses = Compress(plain[^SampleBytes..], CompressionLevel.Fastest).Length * 2 > SampleBytes;
        }

        return _hardlyCompresses;
    }

    private ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> plain, CompressionLevel level)
    {
        _packed.SetLength(0);
        using (var zlib = new ZLibStream(_packed, level, leaveOpen: true))
        {
            zlib.Write(plain);
        }

        return _packed.GetBuffer().AsSpan(0, (int)_packed.Length);
    }

    private static void WriteColumns(BinaryWriter writer, IReadOnlyList<PacketReading> readings)
    {
        writer.Write(PacketCodec.Form);
        List<string> names = [.. readings.Select(reading => reading.Component).Distinct(StringComparer.Ordinal)];
        Dictionary<string, int> places = names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
        writer.Write7BitEncodedInt(names.Count);
        names.ForEach(writer.Write);
        foreach (PacketReading reading in readings)
        {
            writer.Write7BitEncodedInt((places[reading.Component] << PacketCodec.FlagBits)
                | (reading.TimeSynced ? PacketCodec.Synced : 0) | (reading.Monotonic is null ? 0 : PacketCodec.HasMonotonic) | (reading.Quality is null ? 0 : PacketCodec.HasQuality));
        }

        (long sampledAt, long monotonic) = (0, 0);
        foreach (PacketReading reading in readings)
        {
            writer.Write7BitEncodedInt64(ZigZag(reading.SampledAt - sampledAt));
            sampledAt = reading.SampledAt;
        }

        foreach (PacketReading reading in readings)
        {
            if (reading.Monotonic is { } known)
            {
                writer.Write7BitEncodedInt64(ZigZag(known - monotonic));
                monotonic = known;
            }
        }

        foreach (PacketReading reading in readings)
        {
            if (reading.Quality is { } quality)
            {
                writer.Write(quality);
            }
        }

        WriteBodies(writer, readings);
    }

    private static void WriteBodies(BinaryWriter writer, IReadOnlyList<PacketReading> readings)
    {
        foreach (PacketReading reading in readings)
        {
            writer.Write7BitEncodedInt(reading.Body.Length);
        }

        foreach (PacketReading reading in readings)
        {
            writer.Write(reading.Body.Span);
        }
    }

    private static long ZigZag(long value) => (value << 1) ^ (value >> 63); // The sign goes to the lowest bit, so that small differences stay short.
}
