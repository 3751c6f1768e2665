using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Pwm;
using System.Device.Spi;

namespace Node.Sensors.Bus;

/// <summary>The buses as a driver sees them whose chip hangs behind a multiplexer's channel: the driver needs to know nothing of it.</summary>
internal sealed class MuxedBuses(IBusProvider buses, I2cMuxChannel mux) : IBusProvider
{
    public string Name => buses.Name;

    public I2cDevice OpenI2c(int busId, int address) => buses.OpenI2c(busId, mux, address);

    public SpiDevice OpenSpi(SpiConnectionSettings settings) => buses.OpenSpi(settings);

    public GpioController OpenGpio() => buses.OpenGpio();

    public PwmChannel OpenPwm(int chip, int channel, int frequency, double dutyCycle) => buses.OpenPwm(chip, channel, frequency, dutyCycle);

    /// <summary>Holds nothing; the buses belong to whoever made them.</summary>
    public void Dispose()
    {
    }
}
