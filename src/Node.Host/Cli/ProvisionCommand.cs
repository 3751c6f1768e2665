using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.HubClient;

namespace Node.Host.Cli;

/// <summary>
/// <c>sensornode provision [--json] [--timeout DURATION]</c>: registers at the provisioning service now and keeps the hub that it names, as
/// the first start would. Exit code 0 when a hub was assigned, 1 when not, 2 when the settings name no provisioning service.
/// </summary>
internal static class ProvisionCommand
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20); // A turn costs microseconds, and the answer comes in a few round trips.

    public static Command Create(Option<string[]> settings, NodeClock clock)
    {
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var timeout = new Option<string>("--timeout") { Description = "How long to try, such as 30s or PT30S.", HelpName = "DURATION", DefaultValueFactory = _ => "60s" };
        var command = new Command("provision", "Registers at the provisioning service now and keeps the hub that it assigns for the next start.") { json, timeout };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, settings, parsed.GetValue(json), parsed.GetValue(timeout)!, clock, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, Option<string[]> settings, bool json, string timeout, NodeClock clock, CancellationToken cancellationToken)
    {
        if (!Duration.TryParse(timeout, out TimeSpan patience) || patience <= TimeSpan.Zero || patience > LongestTimeout)
        {
            return NodeCommandLine.Refuse($"--timeout {timeout} is not allowed; allowed is a duration of more than 0 and at most 1h, such as 30s");
        }

        if (!Settings.TryLoad(parsed, settings, out _, out LoadedConfiguration loaded))
        {
            return NodeCommandLine.Unusable;
        }

        NodeOptions options = loaded.Options;
        if (options.Hub.Dps is not { } dps)
        {
            return NodeCommandLine.Refuse("there is nobody to register at: set Node:Hub:Dps:IdScope and a key or certificate (docs/operation.md, Identity); with Node:Hub:ConnectionString no provisioning is needed");
        }

        if (!DataFolders.TryUse(options.DataFolder, out string reason))
        {
            return NodeCommandLine.Refuse($"Node:DataFolder: {reason}");
        }

        if (!clock.IsPlausible)
        {
            return NodeCommandLine.Refuse(
                $"the clock says {clock.UtcNow:yyyy-MM-dd}, before this program was built, and a token signed for that time is refused; set the clock first: sudo timedatectl set-ntp true", NodeCommandLine.Failed);
        }

        DpsResult result = await RegisterAsync(HubServices.Registration(options, dps, clock.Time, NullLogger.Instance), patience, clock.Time, cancellationToken);
        return result.Status == DpsStatus.Assigned ? Keep(options, dps, result, json) : Refused(dps, result, json);
    }

    /// <summary>Drives a registration to its end, or gives up: then the end says what the connection last said.</summary>
    private static async Task<DpsResult> RegisterAsync(DpsClient client, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using (client)
        {
            DpsResult? end = null;
            string last = "no answer";
            client.SetConnectionStatusCallback((change, _) => last = change.Detail);
            client.Register((result, _) => end = result);
            long began = time.GetTimestamp();
            while (true)
            {
                WorkStatus status = client.DoWork();
                if (end is not null)
                {
                    return end;
                }

                if (time.GetElapsedTime(began) >= patience)
                {
                    return new DpsResult { Status = DpsStatus.RetryExpired, Detail = string.Create(CultureInfo.InvariantCulture, $"nothing was assigned within {patience.TotalSeconds:0.###} s; last: {last}") };
                }

                if (!status.MoreToDo)
                {
                    await Task.Delay(LongestPause, time, cancellationToken);
                }
            }
        }
    }

    private static int Keep(NodeOptions options, DpsOptions dps, DpsResult result, bool json)
    {
        string file = Path.Combine(options.DataFolder, HubAssignment.FileName);
        try
        {
            new HubAssignment(file, dps.Config).Keep(result.ToDeviceConfig());
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return NodeCommandLine.Refuse($"{result.DeviceId} is assigned to {result.AssignedHub}, but that cannot be kept in {file}: {refused.Message}; name a folder that this user may write to as Node:DataFolder", NodeCommandLine.Failed);
        }

        bool runs = RunningNode.Read(options.DataFolder) is { } running && Directory.Exists($"/proc/{running.Pid}");
        string text = $"{result.DeviceId} is assigned to {result.AssignedHub}; kept in {file}{(runs ? "; restart the running node so that it uses it" : "")}";
        Console.WriteLine(json ? Json(new ProvisionReport("assigned", dps.Config.RegistrationId, result.AssignedHub, result.DeviceId, result.Substatus, null, null)) : text);
        return NodeCommandLine.Done;
    }

    private static int Refused(DpsOptions dps, DpsResult result, bool json)
    {
        string status = JsonNamingPolicy.CamelCase.ConvertName(result.Status.ToString());
        if (json)
        {
            Console.WriteLine(Json(new ProvisionReport(status, dps.Config.RegistrationId, null, null, result.Substatus, result.ErrorCode, result.Detail)));
        }

        return NodeCommandLine.Refuse($"{dps.Config.RegistrationId} was not assigned to a hub ({status}): {result.Detail}", NodeCommandLine.Failed);
    }

    private static string Json(ProvisionReport report) => JsonSerializer.Serialize(report, ProvisionJson.Default.ProvisionReport);
}

/// <summary>How a registration ended. Holds no secret.</summary>
internal sealed record ProvisionReport(string Status, string RegistrationId, string? HostName, string? DeviceId, string? Substatus, int? ErrorCode, string? Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(ProvisionReport))]
internal sealed partial class ProvisionJson : JsonSerializerContext;
