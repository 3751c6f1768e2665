using System.Device.Spi;

namespace Node.Sensors.Bus;

/// <summary>
/// Register access to one chip on an SPI bus whose first byte is the register's number with a bit for reading and one for going on to the
/// next register after each byte. Owns the device.
/// </summary>
/// <param name="device">The chip's device.</param>
/// <param name="attempts">How often an exchange is tried in all.</param>
/// <param name="readBit">Set in the first byte to read.</param>
/// <param name="burstBit">Set in the first byte for more than one register; 0 for a chip that always goes on.</param>
internal sealed class SpiRegisters(SpiDevice device, int attempts, byte readBit, byte burstBit) : IDisposable
{
    /// <summary>The most registers of one exchange: as many as such a chip can number.</summary>
    public const int MaximumLength = 64;

    private readonly SpiExchange _wire = new(device, attempts);

    /// <summary>Bus and chip select, to begin an error text with.</summary>
    public string Place => _wire.Place;

    /// <summary>Reads consecutive registers in one exchange, so that the chip gives one consistent state.</summary>
    /// <param name="firstRegister">The lowest register.</param>
    /// <param name="into">Receives one byte a register; at most <see cref="MaximumLength"/>.</param>
    /// <param name="once">Whether a failure must not be repeated, because reading takes something away, as from a FIFO.</param>
    public void Read(byte firstRegister, Span<byte> into, bool once = false)
    {
        Span<byte> send = stackalloc byte[into.Length + 1];
        Span<byte> receive = stackalloc byte[into.Length + 1];
        send.Clear();
        send[0] = (byte)(firstRegister | readBit | (into.Length > 1 ? burstBit : 0));
        _wire.Transfer(send, receive, once);
        receive[1..].CopyTo(into);
    }

    public byte Read(byte register)
    {
        Span<byte> one = stackalloc byte[1];
        Read(register, one);
        return one[0];
    }

    /// <summary>Writes consecutive registers in one exchange; at most <see cref="MaximumLength"/> values.</summary>
    public void Write(byte firstRegister, params ReadOnlySpan<byte> values)
    {
        Span<byte> send = stackalloc byte[values.Length + 1];
        Span<byte> receive = stackalloc byte[values.Length + 1];
        send[0] = (byte)(firstRegister | (values.Length > 1 ? burstBit : 0));
        values.CopyTo(send[1..]);
        _wire.Transfer(send, receive);
    }

    public void Dispose() => _wire.Dispose();
}
