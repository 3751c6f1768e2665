using System.Device.I2c;

namespace Node.Host.Scanning;

/// <summary>Tells a TCA9548A from other chips at its addresses. It has no id; what it has is one register of a bit for each channel, which keeps what is written.</summary>
internal static class MuxRecognition
{
    /// <summary>
    /// Channels opened one after the other, and then none. As a command of the display controllers and a register number of the sensors that live
    /// at these addresses each of them does nothing.
    /// </summary>
    private static readonly byte[] Patterns = [0x01, 0x02, 0x04, 0x00];

    /// <summary>Writes to the chip, reads back, and leaves it as it was.</summary>
    /// <returns><see langword="false"/> when it does not keep what is written, or does not answer.</returns>
    public static bool IsMux(I2cDevice device)
    {
        try
        {
            byte before = device.ReadByte();
            bool keeps = Array.TrueForAll(Patterns, pattern =>
            {
                device.WriteByte(pattern);
                return device.ReadByte() == pattern;
            });
            if (keeps)
            {
                device.WriteByte(before);
            }

            return keeps;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
