namespace Node.Sensors.Drivers;

/// <summary>
/// The bits of one exchange. Sent: <c>00000001 SDDD0000</c> and zeros. Received: <c>xxxxxxxx xxxxx0BB BBBBBBBB</c>, and when the clock goes
/// on B1 to B9 and zeros. Source: MCP3008 datasheet DS21295, sections 5.0 and 6.1.
/// </summary>
/// <param name="Code">The result.</param>
/// <param name="IsDriven">Whether somebody sends the null bit.</param>
/// <param name="IsConsistent">Whether the repetition is that of the result, or was not asked for.</param>
/// <param name="IsSilent">Whether the line stood still where the repetition should have been.</param>
internal readonly record struct Mcp3008Frame(int Code, bool IsDriven, bool IsConsistent, bool IsSilent)
{
    /// <summary>Up to the last bit of the result.</summary>
    public const int ShortLength = 3;

    /// <summary>With its repetition: 24 bits, 9 more, and 7 zeros.</summary>
    public const int LongLength = 5;

    /// <summary>One more than the largest code.</summary>
    public const int Codes = 1024;

    private const int NullBit = 0x04;

    public static void Request(Mcp3008Input input, Span<byte> frame)
    {
        frame.Clear();
        frame[0] = 0x01; // the start bit as the last of its byte, so that the result ends with a byte
        frame[1] = (byte)((int)input << 4);
    }

    /// <summary>Reads either length. A line that nobody drives floats or is pulled, and then the null bit shows 1 or the zeros are none.</summary>
    public static Mcp3008Frame Decode(ReadOnlySpan<byte> frame)
    {
        int code = ((frame[1] & 0x03) << 8) | frame[2];
        bool isDriven = (frame[1] & NullBit) == 0;
        if (frame.Length < LongLength) { return new Mcp3008Frame(code, isDriven, IsConsistent: true, IsSilent: false); }

        int rest = (frame[3] << 8) | frame[4];
        return new Mcp3008Frame(code, isDriven, IsRepeated(code, rest), rest is 0x0000 or 0xFFFF);
    }

    private static bool IsRepeated(int code, int rest)
    {
        int expected = 0;
        for (int bit = 1; bit <= 9; bit++) { expected |= ((code >> bit) & 1) << (16 - bit); }

        return rest == expected;
    }
}
