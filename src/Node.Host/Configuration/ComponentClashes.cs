using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Host.Configuration;

/// <summary>Finds sensors and actuators that want the same name, the same place on a bus or the same pin.</summary>
internal sealed class ComponentClashes(SettingsReader settings)
{
    public void Check(NodeOptions options)
    {
        CheckNames(options);
        CheckI2c(options.Sensors);
        CheckMuxes(options.Sensors);
        CheckSpi(options.Sensors);
        CheckPins(options);
    }

    private void CheckNames(NodeOptions options)
    {
        foreach (string name in options.Sensors.Select(sensor => sensor.Name))
        {
            CheckName($"Node:Sensors:{name}", name);
        }

        foreach (string name in options.Actuators.Select(actuator => actuator.Name))
        {
            CheckName($"Node:Actuators:{name}", name);
            if (options.Sensors.Any(sensor => sensor.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                settings.Fault($"Node:Actuators:{name}", "a sensor has the same name; every component needs its own");
            }
        }
    }

    private void CheckName(string path, string name)
    {
        if (!ComponentName.IsValid(name))
        {
            settings.Fault(path, "is no component name; allowed are 1 to 64 letters, digits and underscores, beginning with a letter, and no name of the node's own such as deviceInformation, spool or restart");
        }
    }

    private void CheckI2c(IReadOnlyList<SensorOptions> sensors)
    {
        foreach (IGrouping<(int Bus, I2cMuxChannel? Mux, int? Address), SensorOptions> same in sensors
            .Where(sensor => sensor.Address is not null).GroupBy(sensor => (sensor.Bus, sensor.Mux, sensor.Address)))
        {
            foreach (SensorOptions sensor in same.Skip(1))
            {
                settings.Fault($"Node:Sensors:{sensor.Name}:Address",
                    $"0x{sensor.Address:X2} on {Place(sensor)} is taken by {same.First().Name}; every chip needs its own bus, address or multiplexer channel");
            }
        }
    }

    /// <summary>A multiplexer answers at its own address on the bus, and a chip on the bus itself is heard on every channel.</summary>
    private void CheckMuxes(IReadOnlyList<SensorOptions> sensors)
    {
        foreach (SensorOptions behind in sensors.Where(sensor => sensor.Mux is not null))
        {
            SensorOptions? onBus = sensors.FirstOrDefault(sensor => sensor.Address is not null && sensor.Mux is null && sensor.Bus == behind.Bus
                && (sensor.Address == behind.Mux!.Value.Address || sensor.Address == behind.Address));
            if (onBus is not null)
            {
                bool isMuxItself = onBus.Address == behind.Mux!.Value.Address;
                settings.Fault($"Node:Sensors:{behind.Name}:{(isMuxItself ? "Mux:Address" : "Address")}",
                    $"0x{onBus.Address:X2} on bus {behind.Bus} is taken by {onBus.Name}, which is not behind the multiplexer and answers on every channel; "
                    + "move one of the two to another address or bus");
            }
        }
    }

    private void CheckSpi(IReadOnlyList<SensorOptions> sensors)
    {
        foreach (IGrouping<(int Bus, int? ChipSelect), SensorOptions> same in sensors
            .Where(sensor => sensor.ChipSelect is not null).GroupBy(sensor => (sensor.SpiBus, sensor.ChipSelect)))
        {
            foreach (SensorOptions sensor in same.Skip(1))
            {
                settings.Fault($"Node:Sensors:{sensor.Name}:ChipSelect",
                    $"{sensor.ChipSelect} on SPI bus {sensor.SpiBus} is taken by {same.First().Name}; every chip needs its own chip select");
            }
        }
    }

    /// <summary>Pins of actuators and of the interrupt lines that chips' options name: each has one user.</summary>
    private void CheckPins(NodeOptions options)
    {
        IEnumerable<(string Path, string Name, string Pin)> used = options.Actuators
            .Where(static actuator => actuator.UsesPin)
            .Select(actuator => ($"Node:Actuators:{actuator.Name}:Pin", actuator.Name, actuator.Pin.ToString(CultureInfo.InvariantCulture)))
            .Concat(options.Sensors.SelectMany(sensor => sensor.ChipOptions
                .Where(option => option.Key.EndsWith("Pin", StringComparison.OrdinalIgnoreCase))
                .Select(option => ($"Node:Sensors:{sensor.Name}:Options:{option.Key}", sensor.Name, option.Value))));
        foreach (IGrouping<string, (string Path, string Name, string Pin)> same in used.GroupBy(pin => pin.Pin))
        {
            foreach ((string path, _, string pin) in same.Skip(1))
            {
                settings.Fault(path, $"{pin} is taken by {same.First().Name}; every actuator and every interrupt line needs its own pin");
            }
        }

        foreach (IGrouping<(int Chip, int Channel), ActuatorOptions> same in options.Actuators
            .Where(actuator => actuator.IsPwm).GroupBy(actuator => (actuator.Pwm.Chip, actuator.Pwm.Channel)))
        {
            foreach (ActuatorOptions actuator in same.Skip(1))
            {
                settings.Fault($"Node:Actuators:{actuator.Name}:Channel", $"{same.Key.Channel} of PWM chip {same.Key.Chip} is taken by {same.First().Name}; every actuator needs its own channel");
            }
        }
    }

    private static string Place(SensorOptions sensor) => sensor.Mux is { } mux
        ? $"channel {mux.Channel} of the multiplexer 0x{mux.Address:X2} on bus {sensor.Bus}"
        : $"bus {sensor.Bus}";
}
