using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Node.Sensors.Signals;

/// <summary>
/// The first bytes of a burst file: RIFF/WAVE with 16-bit PCM, so that any audio or numerics program reads it, and one INFO chunk whose ICMT
/// text is JSON: <c>{"sensor","unit","channels","rateHertz","unitsPerCount","start","samples","gaps","gapCount","clipped","complete"}</c>. The text is
/// padded with blanks to one length, so that the header can be written anew in place. Source: Multimedia Programming Interface and Data
/// Specifications 1.0, chapter 2.
/// </summary>
internal static class WavHeader
{
    /// <summary>How long the whole header is; the samples follow.</summary>
    public const int Length = CommentAt + CommentLength + 8;

    private const int CommentLength = 1024;
    private const int CommentAt = 12 + 24 + 12 + 8;

    public static byte[] Write(BurstHeader header, BurstState state)
    {
        byte[] bytes = new byte[Length];
        int frame = header.Channels.Count * sizeof(short);
        uint data = checked((uint)(state.Samples * frame));
        Text(bytes, 0, "RIFF");
        Number(bytes, 4, Length - 8 + data);
        Text(bytes, 8, "WAVEfmt ");
        Number(bytes, 16, 16);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(20), 1); // PCM
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(22), (ushort)header.Channels.Count);
        uint rate = (uint)Math.Round(header.RateHertz);
        Number(bytes, 24, rate);
        Number(bytes, 28, rate * (uint)frame);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(32), (ushort)frame);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(34), 16);
        Text(bytes, 36, "LIST");
        Number(bytes, 40, 4 + 8 + CommentLength);
        Text(bytes, 44, "INFOICMT");
        Number(bytes, 52, CommentLength);
        bytes.AsSpan(CommentAt, CommentLength).Fill((byte)' ');
        Comment(header, state).CopyTo(bytes.AsSpan(CommentAt));
        Text(bytes, CommentAt + CommentLength, "data");
        Number(bytes, Length - 4, data);
        return bytes;
    }

    /// <summary>Puts the sizes right that an interrupted writer left behind, and says in the JSON that the burst is not complete.</summary>
    /// <returns><see langword="false"/> when this is no header of a burst file.</returns>
    public static bool TryRepair(Span<byte> header, long fileLength)
    {
        if (header.Length != Length || !header.StartsWith("RIFF"u8) || !header[(Length - 8)..].StartsWith("data"u8)) { return false; }

        int frame = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
        if (frame == 0) { return false; }

        uint data = (uint)((fileLength - Length) / frame * frame);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Length - 8 + data);
        BinaryPrimitives.WriteUInt32LittleEndian(header[(Length - 4)..], data);
        Span<byte> comment = header.Slice(CommentAt, CommentLength);
        int samples = comment.IndexOf("\"samples\":"u8);
        if (samples < 0) { return false; }

        // The number of samples follows from the length; the gaps were written down when they happened.
        int end = comment[samples..].IndexOf((byte)',') + samples;
        byte[] rest = comment[end..].ToArray();
        byte[] count = Encoding.ASCII.GetBytes(FormattableString.Invariant($"\"samples\":{data / (uint)frame}"));
        comment[samples..].Fill((byte)' ');
        count.CopyTo(comment[samples..]);
        rest.AsSpan(0, Math.Min(rest.Length, comment.Length - samples - count.Length)).CopyTo(comment[(samples + count.Length)..]);
        return true;
    }

    private static byte[] Comment(BurstHeader header, BurstState state)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("sensor", header.Sensor);
            json.WriteString("unit", header.Unit);
            json.WriteStartArray("channels");
            foreach (string channel in header.Channels) { json.WriteStringValue(channel); }

            json.WriteEndArray();
            json.WriteNumber("rateHertz", header.RateHertz);
            json.WriteNumber("unitsPerCount", header.UnitsPerCount);
            json.WriteString("start", header.Start);
            json.WriteNumber("samples", state.Samples);
            json.WriteStartArray("gaps");
            foreach (long gap in state.Gaps) { json.WriteNumberValue(gap); }

            json.WriteEndArray();
            json.WriteNumber("gapCount", state.GapCount);
            json.WriteNumber("clipped", state.Clipped);
            json.WriteBoolean("complete", state.IsComplete);
            json.WriteEndObject();
        }

        return stream.Length <= CommentLength ? stream.ToArray() : throw new ArgumentException("The names in the header are too long.", nameof(header));
    }

    private static void Text(byte[] bytes, int at, string text) => Encoding.ASCII.GetBytes(text, bytes.AsSpan(at));

    private static void Number(byte[] bytes, int at, uint number) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), number);
}
