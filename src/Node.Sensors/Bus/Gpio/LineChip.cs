using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Node.Sensors.Bus.Gpio;

/// <summary>One opened <c>/dev/gpiochipN</c>.</summary>
internal sealed class LineChip : IDisposable
{
    private const string Consumer = "sensornode";
    private const uint EventBuffer = 1024; // events of one line that the kernel keeps for a slow reader
    private const int Busy = 16;

    private readonly IKernel _kernel;
    private readonly int _fd;

    private LineChip(IKernel kernel, int fd, string path, string name, string label, int lineCount) =>
        (_kernel, _fd, Path, Name, Label, LineCount) = (kernel, fd, path, name, label, lineCount);

    /// <summary>The device node.</summary>
    public string Path { get; }

    public string Name { get; }

    /// <summary>What the kernel's driver calls it, such as <c>pinctrl-bcm2711</c>: stays when numbers move.</summary>
    public string Label { get; }

    public int LineCount { get; }

    /// <summary>Opens a node and asks what it is.</summary>
    /// <returns><see langword="null"/> when the node cannot be opened or is no GPIO chip; the errno tells.</returns>
    public static LineChip? TryOpen(IKernel kernel, string path, out int errno)
    {
        int fd = kernel.Open(path);
        errno = fd < 0 ? -fd : 0;
        if (fd < 0) { return null; }

        byte[] chip = new byte[LineUapi.ChipInfoLength];
        errno = -Math.Min(0, kernel.Ioctl(fd, LineUapi.GetChipInfo, chip));
        if (errno != 0)
        {
            kernel.Close(fd);
            return null;
        }

        return new LineChip(kernel, fd, path, Text(chip, 0), Text(chip, LineUapi.ChipInfoLabel),
            (int)BinaryPrimitives.ReadUInt32LittleEndian(chip.AsSpan(LineUapi.ChipInfoLines)));
    }

    /// <summary>Whether the kernel knows version 2 of the interface, which needs Linux 5.10.</summary>
    public bool SpeaksVersion2 => _kernel.Ioctl(_fd, LineUapi.GetLineInfo, new byte[LineUapi.LineInfoLength]) >= 0;

    /// <summary>How a line stands now.</summary>
    /// <exception cref="IOException">The chip has no such line, or it is gone.</exception>
    public LineStatus StatusOf(int line)
    {
        byte[] status = new byte[LineUapi.LineInfoLength];
        BinaryPrimitives.WriteUInt32LittleEndian(status.AsSpan(LineUapi.LineInfoOffset), (uint)line);
        ThrowIfFailed(_kernel.Ioctl(_fd, LineUapi.GetLineInfo, status), line, "cannot be asked for");
        ulong flags = BinaryPrimitives.ReadUInt64LittleEndian(status.AsSpan(LineUapi.LineInfoFlags));
        return new LineStatus(Text(status, 0), Text(status, LineUapi.LineInfoConsumer), flags);
    }

    /// <summary>Takes a line, with direction, bias and initial value in one step, so that no other level shows in between.</summary>
    /// <returns>The descriptor of the line; closing it gives the line back.</returns>
    /// <exception cref="IOException">Somebody else has the line (the text names who), or the chip cannot do this.</exception>
    public int Request(int line, ulong flags, bool high)
    {
        byte[] request = new byte[LineUapi.RequestLength];
        BinaryPrimitives.WriteUInt32LittleEndian(request, (uint)line);
        Encoding.ASCII.GetBytes(Consumer, request.AsSpan(LineUapi.RequestConsumer));
        Configure(request.AsSpan(LineUapi.RequestConfig), flags, high);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(LineUapi.RequestLines), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(LineUapi.RequestEventBuffer), EventBuffer);
        int result = _kernel.Ioctl(_fd, LineUapi.GetLine, request);
        ThrowIfFailed(result, line, result == -Busy ? $"is in use by {Holder(line)}" : "cannot be requested");
        return BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(LineUapi.RequestFd));
    }

    /// <summary>Fills <c>struct gpio_v2_line_config</c> for one line.</summary>
    public static void Configure(Span<byte> config, ulong flags, bool high)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(config, flags);
        if ((flags & LineUapi.FlagOutput) == 0) { return; }

        BinaryPrimitives.WriteUInt32LittleEndian(config[LineUapi.ConfigAttributeCount..], 1);
        Span<byte> attribute = config[LineUapi.ConfigAttributes..];
        BinaryPrimitives.WriteUInt32LittleEndian(attribute, LineUapi.OutputValuesAttribute);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute[LineUapi.AttributeValue..], high ? 1UL : 0);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute[LineUapi.AttributeMask..], 1);
    }

    public static void ThrowIfFailed(int result, int line, string what)
    {
        if (result < 0)
        {
            throw new IOException($"Error {-result} ({Marshal.GetPInvokeErrorMessage(-result)}): line {line} {what}.");
        }
    }

    /// <summary>Closes the chip; lines that were requested stay until they are closed themselves.</summary>
    public void Dispose() => _kernel.Close(_fd);

    private string Holder(int line) => StatusOf(line).Consumer is { Length: > 0 } consumer ? $"'{consumer}'" : "a holder that gives no name";

    private static string Text(ReadOnlySpan<byte> from, int at)
    {
        ReadOnlySpan<byte> field = from.Slice(at, LineUapi.NameLength);
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}

/// <summary>One line as the kernel describes it.</summary>
/// <param name="Name">Its name in the device tree, such as <c>GPIO17</c>; may be empty.</param>
/// <param name="Consumer">Who holds it; empty when nobody does, or without a name.</param>
/// <param name="Flags">The kernel's flags, <see cref="LineUapi"/>.</param>
internal sealed record LineStatus(string Name, string Consumer, ulong Flags)
{
    public bool IsUsed => (Flags & LineUapi.FlagUsed) != 0;
}
