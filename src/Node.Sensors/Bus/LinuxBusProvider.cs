using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Pwm;
using System.Device.Spi;
using System.Globalization;
using Node.Sensors.Bus.Gpio;

namespace Node.Sensors.Bus;

/// <summary>The Pi's own buses: <c>/dev/i2c-N</c>, <c>/dev/spidevB.C</c> and the header's GPIO chip.</summary>
public sealed class LinuxBusProvider : IBusProvider
{
    private readonly string? _gpioChip;

    /// <summary>Nothing is opened yet.</summary>
    /// <param name="gpioChip">The GPIO chip's label or device node; <see langword="null"/> for the one of the 40-pin header.</param>
    public LinuxBusProvider(string? gpioChip = null) => _gpioChip = gpioChip;

    /// <inheritdoc/>
    public string Name => "linux";

    /// <inheritdoc/>
    public I2cDevice OpenI2c(int busId, int address)
    {
        I2cAddress.ThrowIfNotUsable(busId, address);
        Errno.Clear();
        try
        {
            return I2cDevice.Create(new I2cConnectionSettings(busId, address));
        }
        catch (IOException failure)
        {
            string node = string.Create(CultureInfo.InvariantCulture, $"/dev/i2c-{busId}");
            throw Errno.DuringOpen(failure, node,
                $"enable the bus with dtparam=i2c_arm=on in config.txt (on balena: the fleet's device tree parameters), and in a container list {node} under `devices:`");
        }
    }

    /// <inheritdoc/>
    /// <remarks>The library opens the node lazily, so an absent bus shows at the first transfer.</remarks>
    public SpiDevice OpenSpi(SpiConnectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return SpiDevice.Create(settings);
    }

    /// <inheritdoc/>
    public GpioController OpenGpio() => LinuxGpio.Open(_gpioChip, new LinuxKernel());

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the duty cycle is outside 0 to 1.</exception>
    public PwmChannel OpenPwm(int chip, int channel, int frequency, double dutyCycle) => LinuxPwm.Open(chip, channel, frequency, dutyCycle);

    /// <summary>Holds nothing: each device that was opened belongs to its opener.</summary>
    public void Dispose()
    {
    }
}
