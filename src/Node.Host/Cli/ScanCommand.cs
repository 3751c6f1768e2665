using System.CommandLine;
using System.Text.Json;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Scanning;
using Node.Sensors.Bus;

namespace Node.Host.Cli;

/// <summary><c>sensornode scan [--bus N] [--through-mux] [--json]</c>: what is on the buses, what the chips probably are, and what helps where something is missing.</summary>
internal static class ScanCommand
{
    public static Command Create(Option<string[]> settings, NodeClock clock)
    {
        var bus = new Option<int?>("--bus") { Description = "Looks at this I2C bus only.", HelpName = "N" };
        var throughMux = new Option<bool>("--through-mux")
        {
            Description = "Looks behind every channel of multiplexers that nobody configured too. To find them it writes to chips at 0x70 to 0x77.",
        };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command("scan", "Shows what answers on the buses and which chips these probably are.") { bus, throughMux, json };
        command.SetAction((parsed, cancellationToken) => ScanAsync(parsed, settings, parsed.GetValue(bus), parsed.GetValue(throughMux), parsed.GetValue(json), clock, cancellationToken));
        return command;
    }

    private static async Task<int> ScanAsync(
        ParseResult parsed, Option<string[]> settings, int? bus, bool throughMux, bool json, NodeClock clock, CancellationToken cancellationToken)
    {
        if (bus is < 0 or > 255)
        {
            return NodeCommandLine.Refuse($"--bus {bus} is not allowed; allowed is 0 to 255");
        }

        if (!Settings.TryLoad(parsed, settings, out _, out LoadedConfiguration loaded))
        {
            return NodeCommandLine.Unusable;
        }

        try
        {
            bool nodeRuns = RunningNode.Read(loaded.Options.DataFolder) is not null; // it would read behind a channel that the scan has switched
            if (nodeRuns && throughMux)
            {
                return NodeCommandLine.Refuse("--through-mux would switch multiplexers under the running node; stop the node first", NodeCommandLine.Failed);
            }

            using IBusProvider buses = Buses.Open(loaded.Options, clock.Time);
            MuxReach reach = nodeRuns ? MuxReach.None : throughMux ? MuxReach.Every : MuxReach.Configured;
            ScanReport report = await Scanner(loaded.Options, buses, bus, clock).ScanAsync(reach, cancellationToken);
            Console.Write(json ? JsonSerializer.Serialize(report, ScanJson.Default.ScanReport) + Environment.NewLine : ScanText.Of(report));
            return report.Problems.Count == 0 ? NodeCommandLine.Done : NodeCommandLine.Failed;
        }
        catch (Exception unusable) when (unusable is InvalidDataException or SensorException)
        {
            return NodeCommandLine.Refuse(unusable.Message, NodeCommandLine.Failed);
        }
    }

    private static BusScanner Scanner(NodeOptions options, IBusProvider buses, int? bus, NodeClock clock)
    {
        bool isMachine = options.Bus.Provider == BusProviderKind.Linux;
        List<SensorOptions> sensors = [.. options.Sensors.Where(sensor => bus is null || (sensor.Address is not null && sensor.Bus == bus))];
        BusInventory inventory = isMachine ? BusInventory.OfMachine("/dev") : BusInventory.OfProvider(sensors);
        if (bus is { } only)
        {
            inventory = inventory with { I2c = [only], Spi = [] };
        }

        return new BusScanner(buses, inventory, sensors, number => isMachine ? new LinuxAddressProbe(number) : new TransferProbe(buses, number),
            sensor => Buses.OpenSensor(sensor, buses, clock.Time), clock.Time);
    }
}
