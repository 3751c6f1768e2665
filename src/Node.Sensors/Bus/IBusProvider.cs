using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Pwm;
using System.Device.Spi;

namespace Node.Sensors.Bus;

/// <summary>
/// Where buses and pins come from: the Pi's own, chips inside this process, or chips in another one. Drivers see only the classes of System.Device.Gpio and
/// cannot tell which. The caller owns, and disposes, everything that it opens. Safe for use by several threads.
/// </summary>
public interface IBusProvider : IDisposable
{
    /// <summary>The name by which configuration selects this provider: <c>linux</c>, <c>emulated</c> or <c>remote</c>.</summary>
    string Name { get; }

    /// <summary>Opens one address, 0x03 to 0x77, on a numbered I2C bus. Whether a chip answers there shows at the first transfer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The address is not one that a chip may have, or the bus number is negative.</exception>
    /// <exception cref="SensorException">The bus does not exist or may not be opened (<see cref="SensorFault.BusUnavailable"/>).</exception>
    I2cDevice OpenI2c(int busId, int address);

    /// <summary>
    /// Opens an address behind a channel of a TCA9548A. Every transfer then selects the channel first, and nothing comes between the two. Only
    /// a provider that knows of every transfer of its buses can do that: <see cref="SharedBusProvider"/> around any other.
    /// </summary>
    /// <exception cref="SensorException">The bus does not exist (<see cref="SensorFault.BusUnavailable"/>), or this provider cannot keep other transfers out.</exception>
    I2cDevice OpenI2c(int busId, I2cMuxChannel mux, int address) => throw new SensorException(SensorFault.BusUnavailable,
        $"{I2cAddress.Place(busId, address)} behind multiplexer 0x{mux.Address:X2}: the provider '{Name}' does not select channels by itself; open it through a SharedBusProvider.");

    /// <summary>Opens one chip select of an SPI bus. An absent bus may show only at the first transfer.</summary>
    /// <exception cref="SensorException">The bus does not exist or may not be opened (<see cref="SensorFault.BusUnavailable"/>).</exception>
    SpiDevice OpenSpi(SpiConnectionSettings settings);

    /// <summary>Opens the header's GPIO lines; pin numbers are the BCM numbers printed as GPIO<i>n</i> in pin-out drawings.</summary>
    /// <exception cref="SensorException">No usable GPIO chip or library was found (<see cref="SensorFault.BusUnavailable"/>).</exception>
    GpioController OpenGpio();

    /// <summary>Opens a PWM channel; it runs after <see cref="PwmChannel.Start"/>. A provider without PWM refuses, as this one does.</summary>
    /// <param name="chip">The PWM chip's number, from 0.</param>
    /// <param name="channel">The channel of the chip, from 0.</param>
    /// <param name="frequency">The frequency in hertz.</param>
    /// <param name="dutyCycle">The share of each period that is high at first, 0 to 1.</param>
    /// <exception cref="SensorException">The channel does not exist or may not be opened (<see cref="SensorFault.BusUnavailable"/>).</exception>
    PwmChannel OpenPwm(int chip, int channel, int frequency, double dutyCycle) =>
        throw new SensorException(SensorFault.BusUnavailable, $"The bus provider '{Name}' has no PWM channels: use a digital output, or another provider.");
}
