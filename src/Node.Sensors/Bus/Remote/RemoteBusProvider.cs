using System.Collections.Concurrent;
using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Pwm;
using System.Device.Spi;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Node.Sensors.Bus.Remote;

/// <summary>
/// Buses and pins whose chips are in another process, which keeps their state and power while this one is killed and restarted. Nothing
/// is connected before the first transfer, and a lost connection is made again by the next one. Each bus has a connection of its own.
/// Protocol: <c>docs/remote-bus.md</c>.
/// </summary>
public sealed class RemoteBusProvider : IBusProvider
{
    private readonly ConcurrentDictionary<(bool IsSpi, int BusId), RemoteLink> _links = new();
    private readonly RemoteBusOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Remembers where the buses are served; connects to nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time-out is not more than zero and at most one minute, or a pause is not more than zero.</exception>
    public RemoteBusProvider(RemoteBusOptions options, TimeProvider time, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.RequestTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.RequestTimeout, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.FirstPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LongestPause, options.FirstPause);
        _options = options;
        _time = time;
        _logger = logger ?? NullLogger.Instance;
    }

    /// <inheritdoc/>
    public string Name => "remote";

    /// <inheritdoc/>
    /// <remarks>An absent bus shows at the first transfer, and so does a server that does not run.</remarks>
    public I2cDevice OpenI2c(int busId, int address)
    {
        I2cAddress.ThrowIfNotUsable(busId, address);
        return new RemoteI2cDevice(Link(isSpi: false, busId), busId, address);
    }

    /// <inheritdoc/>
    public SpiDevice OpenSpi(SpiConnectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new RemoteSpiDevice(Link(isSpi: true, settings.BusId), settings);
    }

    /// <inheritdoc/>
    public GpioController OpenGpio() => new(CreateGpioDriver());

    /// <inheritdoc/>
    /// <remarks>Connects at once, because a channel that is held by another program is refused when it is opened.</remarks>
    public PwmChannel OpenPwm(int chip, int channel, int frequency, double dutyCycle)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chip);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chip, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channel, ushort.MaxValue);
        return RemotePwmChannel.Open(_options, chip, channel, frequency, dutyCycle);
    }

    /// <summary>The driver of <see cref="OpenGpio"/> by itself, for whoever wants edges with their numbers and times. The caller owns it.</summary>
    public RemoteGpioDriver CreateGpioDriver() => new(_options, _time, _logger);

    /// <summary>Closes the connections of the I2C and SPI buses; a controller's belongs to the controller.</summary>
    public void Dispose()
    {
        foreach (RemoteLink link in _links.Values) { link.Dispose(); }
    }

    private RemoteLink Link(bool isSpi, int busId) => _links.GetOrAdd((isSpi, busId), _ => new RemoteLink(_options));
}
