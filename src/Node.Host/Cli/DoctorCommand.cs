using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Doctor;
using Node.Host.Hub;
using Node.Sensors.Bus;

namespace Node.Host.Cli;

/// <summary><c>sensornode doctor [--json]</c>: examines settings, hub, storage, machine, buses and sensors. Exit code 0, 1 with an error, 3 with warnings only.</summary>
internal static class DoctorCommand
{
    private const int Warned = 3;

    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(15);

    public static Command Create(Option<string[]> settings, NodeClock clock)
    {
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command("doctor", "Examines the node and its surroundings and says what to do about each fault.") { json };
        command.Aliases.Add("check"); // As users of edge runtimes call it.
        command.SetAction((parsed, cancellationToken) => ExamineAsync(parsed, settings, parsed.GetValue(json), clock, cancellationToken));
        return command;
    }

    private static async Task<int> ExamineAsync(ParseResult parsed, Option<string[]> settings, bool json, NodeClock clock, CancellationToken cancellationToken)
    {
        LoadedConfiguration loaded = Settings.Load(parsed, settings, out IConfigurationRoot configuration);
        DoctorReport report = await new Examination([.. Checks(loaded, configuration, clock)], LongestCheck, clock.Time).RunAsync(cancellationToken);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, DoctorJson.Default.DoctorReport));
        }
        else
        {
            Print(report);
        }

        return report.Errors > 0 ? NodeCommandLine.Failed : report.Warnings > 0 ? Warned : NodeCommandLine.Done;
    }

    private static IEnumerable<DoctorCheck> Checks(LoadedConfiguration loaded, IConfiguration configuration, NodeClock clock)
    {
        var machine = new MachineView();
        NodeOptions options = loaded.Options;
        RunningNode? running = RunningNode.Read(options.DataFolder);
        RunningNode? alive = running is not null && Directory.Exists($"/proc/{running.Pid}") ? running : null;
        var buses = new Lazy<IBusProvider>(() => Buses.Open(options, clock.Time));
        return
        [
            .. new ConfigurationChecks(loaded, configuration, machine, clock.Time).All(),
            .. new HubChecks(options.Hub, clock.Time, HubAssignment.Read(Path.Combine(options.DataFolder, HubAssignment.FileName))?.HostName).All(),
            .. new StorageChecks(options, machine, running).All(),
            .. new NeighbourChecks(options, alive).All(),
            .. new MachineChecks(machine).All(),
            .. new BalenaChecks(machine).All(),
            .. new BusChecks(options, machine, alive, sensor => Buses.OpenSensor(sensor, buses.Value, clock.Time)).All(),
        ];
    }

    private static void Print(DoctorReport report)
    {
        foreach (CheckResult check in report.Checks)
        {
            string mark = check.Result switch { "error" => "✗", "warning" => "!", _ => "✓" };
            Console.WriteLine($"{mark} {check.Check,-16} {check.Text}");
            if (check.Remedy is not null)
            {
                Console.WriteLine($"  {"",-16} → {check.Remedy}");
            }
        }

        Console.WriteLine($"{Counted.Of(report.Checks.Count, "check")}: {Counted.Of(report.Errors, "error")}, {Counted.Of(report.Warnings, "warning")}");
    }
}
