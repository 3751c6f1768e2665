using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Pwm;
using System.Device.Spi;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Emulation;

/// <summary>The buses of an <see cref="EmulatedBoard"/> in this process. Disposal leaves the board as it is.</summary>
public sealed class EmulatedBusProvider(EmulatedBoard board) : IBusProvider
{
    /// <inheritdoc/>
    public string Name => "emulated";

    /// <summary>The board behind the buses.</summary>
    public EmulatedBoard Board { get; } = board;

    /// <inheritdoc/>
    public I2cDevice OpenI2c(int busId, int address)
    {
        I2cAddress.ThrowIfNotUsable(busId, address);
        if (Board.TryGetI2cBus(busId, out EmulatedI2cBus? bus)) { return new EmulatedI2cDevice(bus, address); }

        string node = string.Create(CultureInfo.InvariantCulture, $"/dev/i2c-{busId}");
        throw Errno.DuringOpen(EmulatedBusError.NoBus(node), node,
            $"the emulated board has I2C bus {string.Join(", ", Board.I2cBuses.Select(static one => one.BusId))}");
    }

    /// <inheritdoc/>
    /// <remarks>As on Linux, the node is opened lazily, so an absent bus or chip select shows at the first transfer.</remarks>
    public SpiDevice OpenSpi(SpiConnectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new EmulatedSpiDevice(Board, settings);
    }

    /// <inheritdoc/>
    public GpioController OpenGpio() => new(new EmulatedGpioDriver(Board.Gpio));

    /// <inheritdoc/>
    public PwmChannel OpenPwm(int chip, int channel, int frequency, double dutyCycle) => Board.Pwm.Open(chip, channel, frequency, dutyCycle);

    /// <summary>Holds nothing: each device that was opened belongs to its opener.</summary>
    public void Dispose()
    {
    }
}
