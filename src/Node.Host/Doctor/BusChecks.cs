using System.Text.Json;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Machine;
using Node.Host.Scanning;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Host.Doctor;

/// <summary>Buses, pins and sensors: there, permitted, free, and the right chip at each place.</summary>
internal sealed class BusChecks(NodeOptions options, MachineView machine, RunningNode? running, Func<SensorOptions, ISensor> open)
{
    private bool IsMachine => options.Bus.Provider == BusProviderKind.Linux;

    public IEnumerable<DoctorCheck> All() =>
    [
        new("i2c", () => Nodes(DeviceKind.I2c, options.Sensors.Where(sensor => sensor.Address is not null).Select(sensor => DeviceNode.I2c(sensor.Bus)))),
        new("spi", () => Nodes(DeviceKind.Spi, options.Sensors.Where(sensor => sensor.ChipSelect is not null).Select(sensor => DeviceNode.Spi(sensor.SpiBus, sensor.ChipSelect!.Value)))),
        new("gpio", () => Nodes(DeviceKind.Gpio, options.Actuators.Count > 0 ? [GpioNode()] : [])),
        new("gpio-lines", Lines),
        .. options.Sensors.Where(sensor => sensor.Enabled).Select(sensor => new DoctorCheck($"sensor-{sensor.Name}", cancelled => SensorAsync(sensor, cancelled))),
    ];

    /// <summary>The node of the chip that the node would open: the configured one, or the header's by its label, or the first.</summary>
    private string GpioNode() => options.Bus.GpioChip is ['/', ..] node ? node
        : BusInventory.OfMachine(machine.PathOf("/dev")).Gpio.FirstOrDefault(chip => options.Bus.GpioChip is { } label ? chip.Label == label : chip.Label.StartsWith("pinctrl-", StringComparison.Ordinal))?.Node
            ?? "/dev/gpiochip0";

    private Finding Nodes(DeviceKind kind, IEnumerable<string> nodes)
    {
        List<string> needed = [.. nodes.Distinct()];
        if (needed.Count == 0 || !IsMachine)
        {
            return Finding.Ok(needed.Count == 0 ? "not needed" : $"the machine's own is not used: Node:Bus:Provider is {options.Bus.Provider.ToString().ToLowerInvariant()}");
        }

        List<(string Problem, string Remedy)> bad =
        [
            .. needed.Select(node => (node, Errno: machine.TryOpen(node))).Where(tried => tried.Errno != 0).Select(tried => DeviceNode.Explain(kind, tried.node, tried.Errno)),
        ];
        return bad.Count == 0
            ? Finding.Ok(string.Join(", ", needed))
            : Finding.Error(string.Join("; ", bad.Select(each => each.Problem)), string.Join("; ", bad.Select(each => each.Remedy).Distinct()));
    }

    private Finding Lines()
    {
        if (!IsMachine || options.Actuators.Count == 0)
        {
            return Finding.Ok("not needed");
        }

        if (running is not null)
        {
            return Finding.Ok("the running node has them");
        }

        string chip = GpioNode();
        List<string> taken = [.. options.Actuators.Where(static actuator => actuator.UsesPin).Select(actuator => (actuator, User: machine.UserOfLine(chip, actuator.Pin))).Where(line => line.User is not null)
            .Select(line => $"GPIO{line.actuator.Pin} ({line.actuator.Name}) is in use by {(line.User!.Length > 0 ? $"'{line.User}'" : "a nameless user")}")];
        return taken.Count == 0
            ? Finding.Ok("free: " + string.Join(", ", options.Actuators.Where(static actuator => actuator.UsesPin).Select(static actuator => $"GPIO{actuator.Pin}")))
            : Finding.Error(string.Join("; ", taken), "give the actuator another pin, end the program that has it (gpioinfo names it), or remove the dtoverlay that claims it");
    }

    private async Task<Finding> SensorAsync(SensorOptions sensor, CancellationToken cancellationToken)
    {
        if (running is not null)
        {
            return await AskNodeAsync(sensor, running, cancellationToken);
        }

        try
        {
            using ISensor chip = await Task.Run(() => open(sensor), cancellationToken);
            await chip.InitializeAsync(cancellationToken);
            SensorReading reading = await chip.MeasureAsync(cancellationToken);
            return Finding.Ok($"{sensor.Chip} answers: {string.Join(", ", reading.Values.Select(value => FormattableString.Invariant($"{value.Quantity.Name} {value.Value:0.###} {value.Quantity.Unit}")))}");
        }
        catch (Exception fault) when (fault is SensorException or ArgumentException or IOException)
        {
            string remedy = fault is SensorException { Fault: SensorFault.BusUnavailable }
                ? "see the checks i2c, spi and gpio"
                : $"compare with 'sensornode scan'; the chip's settings are under Node:Sensors:{sensor.Name}";
            return Finding.Error(fault.Message.ReplaceLineEndings(" "), remedy);
        }
    }

    /// <summary>A measurement beside a running node would initialise its chip under it; so the node is asked.</summary>
    private static async Task<Finding> AskNodeAsync(SensorOptions sensor, RunningNode node, CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient();
            using var status = JsonDocument.Parse(await http.GetStringAsync(new Uri($"{node.HttpUrl}/api/status"), cancellationToken));
            JsonElement part = status.RootElement.GetProperty("sensors").EnumerateArray().FirstOrDefault(each => each.GetProperty("name").GetString() == sensor.Name);
            return part.ValueKind == JsonValueKind.Undefined ? Finding.Warning("the running node does not have it yet", "restart the node, so that it reads its settings")
                : part.GetProperty("state").GetString() is "ok" ? Finding.Ok("the running node reads it")
                : Finding.Error($"{part.GetProperty("state").GetString()} in the running node: {part.GetProperty("fault").GetString()}", "compare with 'sensornode scan'");
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException or UriFormatException)
        {
            return Finding.Warning($"the running node does not tell ({silent.Message})", "see the check other-node");
        }
    }
}
