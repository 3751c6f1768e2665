using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Model;
using Node.HubClient;

namespace Node.Host.Cli;

/// <summary>
/// <c>sensornode provision [--timeout 1m] [--json]</c>: asks the provisioning service for a hub and keeps the answer, as <c>run</c> does by itself at its
/// first start. For who wants to see it done before the device is mounted.
/// </summary>
internal static class ProvisionCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    public static Command Create(Option<string[]> settings, NodeClock clock)
    {
        var timeout = new Option<string>("--timeout") { Description = "How long the service is waited for.", HelpName = "DURATION", DefaultValueFactory = _ => "1m" };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command("provision", "Registers this device at the provisioning service (DPS) and keeps the hub that it names.") { timeout, json };
        command.SetAction((parsed, cancellationToken) => ProvisionAsync(parsed, settings, parsed.GetValue(timeout)!, parsed.GetValue(json), clock, cancellationToken));
        return command;
    }

    private static async Task<int> ProvisionAsync(
        ParseResult parsed, Option<string[]> settings, string timeout, bool json, NodeClock clock, CancellationToken cancellationToken)
    {
        if (!Duration.TryParse(timeout, out TimeSpan limit) || limit < ShortestTimeout || limit > LongestTimeout)
        {
            return NodeCommandLine.Refuse($"--timeout {timeout} is not allowed; allowed is a duration from 1s to 1h");
        }

        if (!Settings.TryLoad(parsed, settings, out _, out LoadedConfiguration loaded))
        {
            return NodeCommandLine.Unusable;
        }

        NodeOptions options = loaded.Options;
        if (options.Hub.Dps is not { } dps)
        {
            return NodeCommandLine.Refuse("there is nobody to register at: set Node:Hub:Dps:IdScope and a key or certificate (docs/operation.md, Identity)");
        }

        if (!DataFolders.TryUse(options.DataFolder, out string reason))
        {
            return NodeCommandLine.Refuse($"Node:DataFolder: {reason}");
        }

        (DpsResult? result, string news) = await AskAsync(options, dps, limit, clock.Time, cancellationToken);
        return result is { Status: DpsStatus.Assigned }
            ? Keep(result.ToDeviceConfig(), new HubAssignment(Path.Combine(options.DataFolder, HubAssignment.FileName), dps.Config), options.DataFolder, json)
            : NodeCommandLine.Refuse(result is null
                ? $"{dps.Config.HostName} did not answer within {timeout} ({news}); 'sensornode doctor' examines the way there"
                : $"{dps.Config.HostName} refuses registration {dps.Config.RegistrationId}: {result.Status}, {result.Detail}", NodeCommandLine.Failed);
    }

    private static async Task<(DpsResult? Result, string News)> AskAsync(
        NodeOptions options, DpsOptions dps, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        HubOptions announcing = options.Hub with { ModelId = options.Hub.ModelId ?? NodeModel.Of(options).Root.Id };
        HubClientOptions connect = LowerLayerHubClient.OptionsFor(announcing, time, NullLogger.Instance, NodeIdentity.Draw().Version);
        using DpsClient client = DpsClient.Create(dps.Config, connect with { Port = dps.Port });
        DpsResult? result = null;
        string news = "no connection yet";
        client.SetConnectionStatusCallback((change, _) => news = change.Detail.Length > 0 ? change.Detail.TrimEnd('.') : news);
        client.Register((end, _) => result = end);
        long begun = time.GetTimestamp();
        while (result is null && time.GetElapsedTime(begun) < limit)
        {
            client.DoWork();
            await Task.Delay(Pause, time, cancellationToken);
        }

        return (result, news);
    }

    private static int Keep(DeviceConfig hub, HubAssignment assignment, string folder, bool json)
    {
        try
        {
            assignment.Keep(hub);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return NodeCommandLine.Refuse($"device {hub.DeviceId} belongs to {hub.HostName}, but that cannot be kept in {folder} ({refused.Message})", NodeCommandLine.Failed);
        }

        Console.WriteLine(json
            ? new JsonObject { ["deviceId"] = hub.DeviceId, ["hostName"] = hub.HostName, ["dataFolder"] = folder }.ToJsonString()
            : $"device {hub.DeviceId} belongs to {hub.HostName}; kept in {Path.Combine(folder, HubAssignment.FileName)}, a running node takes it up at its next start");
        return NodeCommandLine.Done;
    }
}
