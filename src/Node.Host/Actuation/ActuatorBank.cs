using System.Device.Gpio;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;
using Node.Sensors.Bus;

namespace Node.Host.Actuation;

/// <summary>The node's actuators by name; all take their fail-safe state when the bank is made and when it is disposed.</summary>
internal sealed class ActuatorBank : IDisposable
{
    private readonly Lazy<GpioController> _gpio;

    /// <summary>Opens every actuator. The GPIO chip is opened only when there is an actuator.</summary>
    public ActuatorBank(IReadOnlyList<ActuatorOptions> options, IBusProvider buses, ILogger logger)
    {
        _gpio = new Lazy<GpioController>(buses.OpenGpio, LazyThreadSafetyMode.None);
        Channels = [.. options.Select(each => new ActuatorChannel(each, () => _gpio.Value, logger))];
    }

    public IReadOnlyList<ActuatorChannel> Channels { get; }

    /// <summary>Looks an actuator up by its component name, which is compared exactly.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out ActuatorChannel? channel)
    {
        channel = Channels.FirstOrDefault(candidate => candidate.Name == name);
        return channel is not null;
    }

    /// <summary>Drives every fail-safe state and releases the pins. A second call does nothing.</summary>
    public void Dispose()
    {
        foreach (ActuatorChannel channel in Channels)
        {
            channel.Dispose();
        }

        if (_gpio.IsValueCreated)
        {
            _gpio.Value.Dispose();
        }
    }
}
