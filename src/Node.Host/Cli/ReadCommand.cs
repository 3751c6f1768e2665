using System.CommandLine;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Sensors.Bus;

namespace Node.Host.Cli;

/// <summary><c>sensornode read [SENSOR] [--watch] [--json]</c>: readings of each sensor, or of the one named, stored and sent nowhere.</summary>
internal static class ReadCommand
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    public static Command Create(Option<string[]> settings, NodeClock clock)
    {
        var sensor = new Argument<string?>("SENSOR") { Description = "The sensor's name; all sensors when left out.", Arity = ArgumentArity.ZeroOrOne };
        var watch = new Option<bool>("--watch") { Description = "Goes on until Ctrl-C, each sensor at its interval." };
        var every = new Option<string?>("--every") { Description = "With --watch: time between two rounds, such as 500ms or 2s.", HelpName = "DURATION" };
        var count = new Option<int?>("--count") { Description = "With --watch: ends after so many rounds.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object; with --watch one a line for each reading." };
        var command = new Command("read", "Takes readings and prints them, raw and filtered, with units and quality.") { sensor, watch, every, count, json };
        command.SetAction((parsed, cancellationToken) => ReadAsync(
            parsed, settings, parsed.GetValue(sensor), new Watch(parsed.GetValue(watch), parsed.GetValue(every), parsed.GetValue(count)), parsed.GetValue(json), clock,
            cancellationToken));
        return command;
    }

    private static async Task<int> ReadAsync(
        ParseResult parsed, Option<string[]> settings, string? name, Watch watch, bool json, NodeClock clock, CancellationToken cancellationToken)
    {
        TimeSpan every = TimeSpan.Zero;
        if (watch.Every is not null && (!Duration.TryParse(watch.Every, out every) || every < ShortestPause || every > LongestPause))
        {
            return NodeCommandLine.Refuse($"--every {watch.Every} is not allowed; allowed is a duration from 100ms to 1h");
        }

        if (!watch.Goes && (watch.Every is not null || watch.Count is not null))
        {
            return NodeCommandLine.Refuse("--every and --count go with --watch; add it");
        }

        if (watch.Count < 1)
        {
            return NodeCommandLine.Refuse($"--count {watch.Count} is not allowed; allowed is a whole number from 1");
        }

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

        try
        {
            using IBusProvider buses = Buses.Open(loaded.Options, clock.Time);
            var sensors = wanted.ConvertAll(sensor => new WatchedSensor(sensor, () => Buses.OpenSensor(sensor, buses, clock.Time), clock));
            var rounds = new ReadingRounds(sensors, new ReadingPrinter(json, watch.Goes, clock), clock);
            return await rounds.RunAsync(watch.Goes ? watch.Count ?? int.MaxValue : 1, every, cancellationToken) ? NodeCommandLine.Done : NodeCommandLine.Failed;
        }
        catch (Exception unusable) when (unusable is InvalidDataException or SensorException)
        {
            return NodeCommandLine.Refuse(unusable.Message, NodeCommandLine.Failed);
        }
    }

    private readonly record struct Watch(bool Goes, string? Every, int? Count);
}
