using System.Globalization;
using System.Runtime.InteropServices;

namespace Node.Sensors.Bus;

/// <summary>What was recorded of one bus, as answers to transfers.</summary>
internal abstract class ReplayedBus(string name)
{
    public string Name { get; } = name;

    /// <summary>How many entries nobody has asked for yet.</summary>
    public abstract int Remaining { get; }

    /// <summary>Answers one transfer, or fails as it failed then.</summary>
    /// <param name="asked">What the program does; its In has the length that it wants.</param>
    /// <param name="into">Receives the answer.</param>
    /// <exception cref="IOException">It failed then; the text is that of System.Device.Gpio.</exception>
    /// <exception cref="SensorException">The trace has no answer.</exception>
    public void Transfer(BusTraceEntry asked, Span<byte> into)
    {
        (int errno, ReadOnlyMemory<byte> answer) = Find(asked);
        if (errno != 0) { throw Failure(errno); }

        into.Fill(0xFF);
        int length = Math.Min(answer.Length, into.Length);
        answer.Span[..length].CopyTo(into);
    }

    protected abstract (int Errno, ReadOnlyMemory<byte> Answer) Find(BusTraceEntry asked);

    private IOException Failure(int errno)
    {
        string kind = Name.StartsWith("spi", StringComparison.Ordinal) ? "SPI" : "I2C";
        string message = string.Create(CultureInfo.InvariantCulture, $"Error {errno} ({Marshal.GetPInvokeErrorMessage(errno)}) performing {kind} data transfer.");
        Marshal.SetLastPInvokeError(errno);
        return new IOException(message);
    }
}
