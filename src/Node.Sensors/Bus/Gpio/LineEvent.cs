using System.Buffers.Binary;

namespace Node.Sensors.Bus.Gpio;

/// <summary>One edge as the kernel tells it (<c>struct gpio_v2_line_event</c>).</summary>
/// <param name="At">When it happened, on the kernel's monotonic clock: time since the machine started.</param>
/// <param name="IsRising">Whether the new level is high.</param>
/// <param name="Sequence">Counts the line's edges; a gap tells how many were lost.</param>
internal readonly record struct LineEvent(TimeSpan At, bool IsRising, uint Sequence)
{
    public static LineEvent Read(ReadOnlySpan<byte> from) => new(
        TimeSpan.FromTicks((long)(BinaryPrimitives.ReadUInt64LittleEndian(from) / 100)), // nanoseconds to ticks
        BinaryPrimitives.ReadUInt32LittleEndian(from[LineUapi.EventId..]) == LineUapi.RisingEdgeEvent,
        BinaryPrimitives.ReadUInt32LittleEndian(from[LineUapi.EventLineSequence..]));
}
