using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Sensing;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Host.Cli;

/// <summary><c>sensornode read [SENSOR] [--json]</c>: one reading of each sensor, or of the one named, stored and sent nowhere.</summary>
internal static class ReadCommand
{
    public static Command Create(Option<string[]> settings, NodeClock clock)
    {
        var sensor = new Argument<string?>("SENSOR") { Description = "The sensor's name; all sensors when left out.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command("read", "Takes one reading and prints it.") { sensor, json };
        command.SetAction((parsed, cancellationToken) =>
            ReadAsync(parsed, settings, parsed.GetValue(sensor), parsed.GetValue(json), clock, cancellationToken));
        return command;
    }

    private static async Task<int> ReadAsync(
        ParseResult parsed, Option<string[]> settings, string? name, bool json, NodeClock clock, CancellationToken cancellationToken)
    {
        if (!Settings.TryLoad(parsed, settings, out _, out LoadedConfiguration loaded))
        {
            return NodeCommandLine.Unusable;
        }

        List<SensorOptions> wanted = [.. loaded.Options.Sensors.Where(sensor => name is null || sensor.Name == name)];
        if (wanted.Count == 0)
        {
            string known = string.Join(", ", loaded.Options.Sensors.Select(sensor => sensor.Name));
            return NodeCommandLine.Refuse(name is null ? "no sensor is configured under Node:Sensors" : $"there is no sensor '{name}'; known are {known}");
        }

        using IBusProvider buses = Buses.Open(loaded.Options, clock.Time);
        var all = new JsonObject();
        int exitCode = NodeCommandLine.Done;
        foreach (SensorOptions sensor in wanted)
        {
            try
            {
                using ISensor chip = Buses.OpenSensor(sensor, buses, clock.Time);
                await chip.InitializeAsync(cancellationToken);
                Print(sensor, await chip.MeasureAsync(cancellationToken), json ? all : null);
            }
            catch (SensorException fault)
            {
                exitCode = NodeCommandLine.Refuse($"{sensor.Name}: {fault.Message}", NodeCommandLine.Failed);
            }
        }

        if (json)
        {
            Console.WriteLine(all.ToJsonString());
        }

        return exitCode;
    }

    private static void Print(SensorOptions sensor, SensorReading reading, JsonObject? into)
    {
        if (into is not null)
        {
            into[sensor.Name] = JsonNode.Parse(ReadingBody.Write(reading));
            return;
        }

        var line = new StringBuilder(sensor.Name);
        foreach (QuantityValue value in reading.Values)
        {
            line.Append(CultureInfo.InvariantCulture, $"  {value.Quantity.Name} {ReadingBody.Rounded(value)} {value.Quantity.Unit}");
        }

        Console.WriteLine(line);
    }
}
