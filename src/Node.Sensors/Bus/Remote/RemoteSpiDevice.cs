using System.Device.Gpio;
using System.Device.Spi;

namespace Node.Sensors.Bus.Remote;

/// <summary>One chip select of an SPI bus whose chips are in another process. As with a Pi's spidev, an absent one shows at the first exchange.</summary>
internal sealed class RemoteSpiDevice(RemoteLink link, SpiConnectionSettings settings) : SpiDevice
{
    private const byte LeastSignificantBitFirst = 0x04;
    private const byte ChipSelectActiveHigh = 0x08;
    private const byte NoChipSelect = 0x10;

    /// <summary>The buffer of spidev: its module parameter bufsiz.</summary>
    private const int LongestExchange = 4096;

    private readonly SpiConnectionSettings _settings = Copy(settings);
    private bool _disposed;

    public override SpiConnectionSettings ConnectionSettings => Copy(_settings);

    public override void Read(Span<byte> buffer) => Exchange(new byte[buffer.Length], buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => Exchange(buffer.ToArray(), []);

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        if (writeBuffer.Length != readBuffer.Length) { throw new ArgumentException("Both buffers of a full duplex exchange have the same length.", nameof(readBuffer)); }

        Exchange(writeBuffer.ToArray(), readBuffer);
    }

    /// <summary>The link belongs to the provider.</summary>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        base.Dispose(disposing);
    }

    private static SpiConnectionSettings Copy(SpiConnectionSettings settings) => new(settings.BusId, settings.ChipSelectLine)
    {
        Mode = settings.Mode,
        DataBitLength = settings.DataBitLength,
        ClockFrequency = settings.ClockFrequency,
        DataFlow = settings.DataFlow,
        ChipSelectLineActiveState = settings.ChipSelectLineActiveState,
    };

    private void Exchange(byte[] send, Span<byte> receive)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (send.Length is 0 or > LongestExchange) { throw new ArgumentException($"An exchange has 1 to {LongestExchange} bytes."); }

        byte[] received = new byte[send.Length];
        try
        {
            (int errno, string text) = link.Request(RemoteFrameKind.SpiExchange, frame => Describe(frame, send), (ref answer) => answer.CopyTo(received));
            if (errno != 0) { throw RemoteBusError.Transfer(errno, "performing SPI data transfer", text); }
        }
        catch (RemoteLinkException failure)
        {
            throw RemoteBusError.Link(failure);
        }

        received.AsSpan(0, receive.Length).CopyTo(receive);
    }

    private void Describe(RemoteFrame frame, byte[] send)
    {
        int flags = (int)_settings.Mode & 0x03;
        flags |= _settings.DataFlow == DataFlow.LsbFirst ? LeastSignificantBitFirst : 0;
        flags |= _settings.ChipSelectLineActiveState == PinValue.High ? ChipSelectActiveHigh : 0;
        flags |= _settings.ChipSelectLine < 0 ? NoChipSelect : 0;
        frame.Word(_settings.BusId).Byte((byte)Math.Max(_settings.ChipSelectLine, 0)).Byte((byte)flags).Byte((byte)_settings.DataBitLength)
            .DoubleWord(_settings.ClockFrequency).Word(send.Length).Data(send);
    }
}
