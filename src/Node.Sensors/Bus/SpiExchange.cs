using System.Device.Spi;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>
/// Whole exchanges with one chip on an SPI bus: chip select low, bytes in both directions, chip select high. An exchange that fails in a way
/// that a bus recovers from is repeated at once, a bounded number of times; every other failure leaves as a <see cref="SensorException"/>.
/// SPI has no acknowledge, so an absent chip is no failure here: what it "answers" must be judged by the driver. Owns the device.
/// </summary>
internal sealed class SpiExchange : IDisposable
{
    private readonly SpiDevice _device;
    private readonly int _attempts;

    public SpiExchange(SpiDevice device, int attempts)
    {
        _device = device;
        _attempts = attempts;
        SpiConnectionSettings settings = device.ConnectionSettings;
        Place = string.Create(CultureInfo.InvariantCulture, $"SPI bus {settings.BusId} chip select {settings.ChipSelectLine}");
    }

    /// <summary>Bus and chip select, to begin an error text with.</summary>
    public string Place { get; }

    /// <summary>Sends and receives the same number of bytes at the same time.</summary>
    /// <param name="send">What the chip gets.</param>
    /// <param name="receive">What it gives; as long as <paramref name="send"/>.</param>
    /// <param name="once">Whether a failure must not be repeated, because the exchange changes the chip.</param>
    public void Transfer(ReadOnlySpan<byte> send, Span<byte> receive, bool once = false)
    {
        for (int attempt = 1; ; attempt++)
        {
            Errno.Clear();
            try
            {
                _device.TransferFullDuplex(send, receive);
                return;
            }
            catch (IOException failure)
            {
                SensorException fault = Errno.DuringSpiTransfer(failure, Place);
                if (once || attempt >= _attempts || !fault.IsTransient) { throw fault; }
            }
        }
    }

    public void Dispose() => _device.Dispose();
}
