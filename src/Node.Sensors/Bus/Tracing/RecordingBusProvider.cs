using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Pwm;
using System.Device.Spi;

namespace Node.Sensors.Bus;

/// <summary>
/// Any provider's buses, with every transfer and every edge written into a trace; PWM is passed on unrecorded. Put it inside a <see cref="SharedBusProvider"/>, whose
/// locks make the order of the lines that of the wire. Owns the provider and the trace.
/// </summary>
public sealed class RecordingBusProvider(IBusProvider inner, BusTraceWriter trace) : IBusProvider
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public I2cDevice OpenI2c(int busId, int address) => new RecordingI2cDevice(inner.OpenI2c(busId, address), trace);

    /// <inheritdoc/>
    public SpiDevice OpenSpi(SpiConnectionSettings settings) => new RecordingSpiDevice(inner.OpenSpi(settings), trace);

    /// <inheritdoc/>
    public GpioController OpenGpio() => new(new RecordingGpioDriver(inner.OpenGpio(), trace));

    /// <inheritdoc/>
    public PwmChannel OpenPwm(int chip, int channel, int frequency, double dutyCycle) => inner.OpenPwm(chip, channel, frequency, dutyCycle);

    /// <summary>Ends the recording and closes the provider inside.</summary>
    public void Dispose()
    {
        trace.Dispose();
        inner.Dispose();
    }
}
