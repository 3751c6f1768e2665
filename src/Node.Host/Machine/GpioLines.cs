using System.Buffers.Binary;
using System.Text;

namespace Node.Host.Machine;

/// <summary>A GPIO chip as the kernel describes it.</summary>
/// <param name="Node">Its device node.</param>
/// <param name="Label">What made it, such as <c>pinctrl-bcm2711</c>; empty when it cannot be asked.</param>
/// <param name="Lines">How many lines it has.</param>
/// <param name="Errno">Why it cannot be asked; 0 when it can.</param>
internal sealed record GpioChip(string Node, string Label, int Lines, int Errno);

/// <summary>Asks the kernel about GPIO chips and lines, version 2 of its interface (linux/gpio.h). Nothing is requested and nothing changes.</summary>
internal static class GpioLines
{
    private const nuint GetChipInfo = 0x8044B401;
    private const nuint GetLineInfo = 0xC100B405;
    private const int ChipInfoBytes = 68;
    private const int LineInfoBytes = 256;
    private const int NameBytes = 32;
    private const int FlagsAt = 72;
    private const ulong Used = 1;

    /// <summary>Describes the chip behind a node.</summary>
    public static GpioChip Describe(string node)
    {
        byte[] answer = new byte[ChipInfoBytes];
        int errno = Ask(node, GetChipInfo, answer);
        return errno == 0
            ? new GpioChip(node, Text(answer.AsSpan(NameBytes, NameBytes)), BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(2 * NameBytes)), 0)
            : new GpioChip(node, "", 0, errno);
    }

    /// <summary>Who uses a line: the name that its user gave; empty for a nameless user; null when the line is free or cannot be asked.</summary>
    public static string? UserOf(string node, int line)
    {
        byte[] answer = new byte[LineInfoBytes];
        BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(2 * NameBytes), line);
        return Ask(node, GetLineInfo, answer) == 0 ? UserIn(answer) : null;
    }

    /// <summary>Reads <c>struct gpio_v2_line_info</c>.</summary>
    internal static string? UserIn(ReadOnlySpan<byte> lineInfo) =>
        (BinaryPrimitives.ReadUInt64LittleEndian(lineInfo[FlagsAt..]) & Used) == 0 ? null : Text(lineInfo.Slice(NameBytes, NameBytes));

    private static int Ask(string node, nuint request, byte[] argument)
    {
        int descriptor = LinuxCalls.Open(node);
        if (descriptor < 0)
        {
            return -descriptor;
        }

        int result = LinuxCalls.Control(descriptor, request, argument);
        LinuxCalls.Close(descriptor);
        return result < 0 ? -result : 0;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
