using System.IO.Compression;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Node.Host.Spool;

/// <summary>
/// The bytes of a packet, which <see cref="PacketEncoder"/> writes: a zlib stream (RFC 1950, whose checksum tells a torn packet) over the form's number, 1, and then, column by column,
/// which is what compresses best: the sensors' names, flags with each reading's sensor, times, monotonic times, qualities, body lengths, bodies. Numbers have
/// 7 bits a byte, the lowest first; a time is the difference to the one before it.
/// </summary>
internal static class PacketCodec
{
    /// <summary>Readings of a packet, at most.</summary>
    public const int MostReadings = 10_000;

    /// <summary>The first byte of what is packed.</summary>
    public const byte Form = 1;

    /// <summary>Flag: the clock was known to be right.</summary>
    public const int Synced = 1;

    /// <summary>Flag: there is a monotonic time.</summary>
    public const int HasMonotonic = 2;

    /// <summary>Flag: there is a quality.</summary>
    public const int HasQuality = 4;

    /// <summary>Bits of the flags; above them is the place of the sensor's name.</summary>
    public const int FlagBits = 3;

    /// <summary>Unpacks <paramref name="count"/> readings.</summary>
    /// <exception cref="SqliteException">The packet is damaged; the code is that of a damaged database.</exception>
    public static PacketReading[] Decode(ReadOnlySpan<byte> packet, long count)
    {
        try
        {
            if (count is < 1 or > MostReadings)
            {
                throw new InvalidDataException($"it claims {count} readings");
            }

            using var zlib = new ZLibStream(new MemoryStream(packet.ToArray(), writable: false), CompressionMode.Decompress);
            using var reader = new BinaryReader(new BufferedStream(zlib, 16 * 1024), Encoding.UTF8);
            PacketReading[] readings = ReadColumns(reader, (int)count);
            return reader.BaseStream.ReadByte() < 0 ? readings : throw new InvalidDataException("it goes on after its end"); // Reading to the end proves the checksum, unless the packet was cut inside it; its content is whole then.
        }
        catch (Exception damage) when (damage is InvalidDataException or IOException or FormatException or OverflowException)
        {
            throw new SqliteException($"A packet of {count} readings is damaged: {damage.Message}", SQLitePCL.raw.SQLITE_CORRUPT);
        }
    }

    private static PacketReading[] ReadColumns(BinaryReader reader, int count)
    {
        if (reader.ReadByte() != Form)
        {
            throw new InvalidDataException("its form is unknown");
        }

        var names = new string[Bounded(reader.Read7BitEncodedInt(), count, "sensors")];
        for (int index = 0; index < names.Length; index++)
        {
            names[index] = reader.ReadString();
        }

        var flags = new int[count];
        for (int index = 0; index < count; index++)
        {
            flags[index] = reader.Read7BitEncodedInt();
            _ = Bounded(flags[index] >> FlagBits, names.Length - 1, "the place of a sensor");
        }

        long[] sampledAt = ReadTimes(reader, flags, only: 0);
        long[] monotonic = ReadTimes(reader, flags, only: HasMonotonic);
        var readings = new PacketReading[count];
        for (int index = 0; index < count; index++)
        {
            readings[index] = new PacketReading(
                names[flags[index] >> FlagBits], sampledAt[index], (flags[index] & Synced) != 0,
                (flags[index] & HasMonotonic) != 0 ? monotonic[index] : null,
                (flags[index] & HasQuality) != 0 ? reader.ReadString() : null, default);
        }

        ReadBodies(reader, readings);
        return readings;
    }

    private static long[] ReadTimes(BinaryReader reader, int[] flags, int only)
    {
        var times = new long[flags.Length];
        long last = 0;
        for (int index = 0; index < flags.Length; index++)
        {
            if ((flags[index] & only) == only)
            {
                last += UnZigZag(reader.Read7BitEncodedInt64());
                times[index] = last;
            }
        }

        return times;
    }

    private static void ReadBodies(BinaryReader reader, PacketReading[] readings)
    {
        var lengths = new int[readings.Length];
        for (int index = 0; index < lengths.Length; index++)
        {
            lengths[index] = Bounded(reader.Read7BitEncodedInt(), SpoolEntry.MaxBodyBytes, "the length of a body");
        }

        for (int index = 0; index < lengths.Length; index++)
        {
            byte[] body = reader.ReadBytes(lengths[index]);
            readings[index] = readings[index] with
            {
                Body = body.Length == lengths[index] ? body : throw new InvalidDataException("it ends too soon"),
            };
        }
    }

    private static int Bounded(int value, int most, string what) =>
        value >= 0 && value <= most ? value : throw new InvalidDataException($"{what}: {value}, at most {most}");

    private static long UnZigZag(long value) => (long)((ulong)value >> 1) ^ -(value & 1);
}
