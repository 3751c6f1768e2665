using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using Node.Sensors.Bus;

namespace Node.Sensors.Tests;

/// <summary>Remembers the settings that a driver opened SPI with.</summary>
internal sealed class RecordingBuses(IBusProvider inner) : IBusProvider
{
    public SpiConnectionSettings? Last { get; private set; }

    public string Name => inner.Name;

    public I2cDevice OpenI2c(int busId, int address) => inner.OpenI2c(busId, address);

    public SpiDevice OpenSpi(SpiConnectionSettings settings)
    {
        Last = settings;
        return inner.OpenSpi(settings);
    }

    public GpioController OpenGpio() => inner.OpenGpio();

    public void Dispose() => inner.Dispose();
}
