using System.Collections.Concurrent;
using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Pwm;
using System.Device.Spi;

namespace Node.Sensors.Bus;

/// <summary>
/// Any provider's buses, shared by several users: on one bus no transfer begins before the last has ended, a channel of a multiplexer is
/// selected in the same breath as the transfer behind it, and the time that the wires are busy is counted. All users of a bus must open it
/// here. Owns the provider. Safe for use by several threads.
/// </summary>
public sealed class SharedBusProvider : IBusProvider
{
    private readonly IBusProvider _inner;
    private readonly ConcurrentDictionary<int, SharedI2cBus> _i2c = new();
    private readonly ConcurrentDictionary<int, Lock> _spi = new();

    /// <summary>Wraps a provider.</summary>
    /// <param name="inner">Where buses and pins come from.</param>
    /// <param name="time">Tells what share of the time the buses are busy.</param>
    /// <param name="i2cClockHertz">The clock of the I2C buses, as the device tree sets it. Default 100,000, the Pi's; 1,000 to 5,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The clock is outside its range.</exception>
    public SharedBusProvider(IBusProvider inner, TimeProvider time, int i2cClockHertz = 100_000)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(i2cClockHertz, 1_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(i2cClockHertz, 5_000_000);
        _inner = inner;
        I2cClockHertz = i2cClockHertz;
        Load = new BusLoadMeter(time);
    }

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <summary>The clock that the I2C buses are taken to have.</summary>
    public int I2cClockHertz { get; }

    /// <summary>How busy each bus and each device on it is.</summary>
    public BusLoadMeter Load { get; }

    /// <inheritdoc/>
    public I2cDevice OpenI2c(int busId, int address) => Bus(busId).Open(address, mux: null);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The multiplexer's address is outside 0x70 to 0x77, its channel outside 0 to 7, or the address none that a chip may have.</exception>
    public I2cDevice OpenI2c(int busId, I2cMuxChannel mux, int address)
    {
        mux.ThrowIfNotUsable();
        return Bus(busId).Open(address, mux);
    }

    /// <inheritdoc/>
    public SpiDevice OpenSpi(SpiConnectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new SharedSpiDevice(_inner.OpenSpi(settings), _spi.GetOrAdd(settings.BusId, static _ => new Lock()), Load);
    }

    /// <inheritdoc/>
    public GpioController OpenGpio() => _inner.OpenGpio();

    /// <inheritdoc/>
    public PwmChannel OpenPwm(int chip, int channel, int frequency, double dutyCycle) => _inner.OpenPwm(chip, channel, frequency, dutyCycle);

    /// <summary>Closes what was opened to select channels, and the provider inside. Devices belong to their openers.</summary>
    public void Dispose()
    {
        foreach (SharedI2cBus bus in _i2c.Values) { bus.Dispose(); }

        _inner.Dispose();
    }

    private SharedI2cBus Bus(int busId) => _i2c.GetOrAdd(busId, static (id, owner) => new SharedI2cBus(id, owner._inner, owner.I2cClockHertz, owner.Load), this);
}
