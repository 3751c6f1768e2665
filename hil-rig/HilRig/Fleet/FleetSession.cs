using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HilRig.Bench;
using HilRig.Reports;
using HilRig.Up;
using HubEmulator;

namespace HilRig.Fleet;

/// <summary>
/// Many nodes, each a process with chips of its own, against one hub: they provision themselves from one enrolment group, run, live
/// through an outage when one is asked for, and are counted at the end.
/// </summary>
internal sealed class FleetSession(FleetOptions options, NodeProgram program, LiveLine line, TimeProvider clock)
{
    private const string Group = "fleet";
    private const int EventsAtATime = 10_000;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromSeconds(30);

    private readonly int _startingAtATime = Math.Max(2, 2 * Environment.ProcessorCount);
    private readonly Dictionary<string, FleetNode> _nodes = new(StringComparer.Ordinal);
    private long _zero;
    private long _lastEvent;

    private int Connected => _nodes.Values.Count(node => node.IsConnected);

    /// <summary>Answers the exit code: 0, or 1 when a node did not keep its promises.</summary>
    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        using TemporaryFolder? temporary = options.DataFolder is null ? new TemporaryFolder("hilrig-fleet-") : null;
        string folder = temporary?.Path ?? Directory.CreateDirectory(options.DataFolder!).FullName;
        string key = KeyOf(folder);
        await using LocalHub hub = await LocalHub.StartAsync(
            new LocalHubOptions { DataFolder = folder, EnrolmentGroups = new Dictionary<string, string> { [Group] = key }, TimeProvider = clock }, CancellationToken.None);
        line.Tell($"hub        {hub.HostName}, MQTT port {hub.MqttPort}, HTTPS port {hub.HttpsPort}, page {hub.PageAddress}");
        line.Tell($"fleet      {options.Nodes} nodes, provisioned from one enrolment group; data in {folder}");
        try
        {
            return await RunAsync(hub, folder, key, interrupted);
        }
        finally
        {
            await Task.WhenAll(_nodes.Values.Select(node => node.DisposeAsync().AsTask()));
        }
    }

    private async Task<int> RunAsync(LocalHub hub, string folder, string key, CancellationToken interrupted)
    {
        _zero = clock.GetTimestamp();
        double? recovery = null;
        try
        {
            await StartAsync(hub, folder, key, interrupted);
            recovery = await LiveAsync(hub, interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            line.Tell("stopping");
        }

        line.Tell("stopping the nodes and counting their readings");
        FleetNodeReport[] reports = await Task.WhenAll(_nodes.Values.Select(node => node.EndAsync(CancellationToken.None)));
        var summary = new FleetSummary { Seconds = Math.Round(clock.GetElapsedTime(_zero).TotalSeconds, 1), RecoverySeconds = recovery, Nodes = [.. reports.OrderBy(node => node.DeviceId, StringComparer.Ordinal)] };
        line.Tell(summary.ToText());
        foreach (string broken in summary.Broken)
        {
            line.Tell($"FAILED: {broken}");
        }
        if (options.SummaryFile is { } file)
        {
            SummaryFile.Write(file, summary);
        }
        return summary.Broken.Count == 0 ? ExitCodes.Passed : ExitCodes.Failed;
    }

    /// <summary>A few at a time, so that each comes up as quickly as it would on a machine of its own.</summary>
    private async Task StartAsync(LocalHub hub, string folder, string key, CancellationToken interrupted)
    {
        for (int number = 1; number <= options.Nodes; number++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"pi-{number:000}");
            await UntilAsync(hub, () => _nodes.Count - Connected - _nodes.Values.Count(each => each.HasDied) < _startingAtATime, StartPatience, interrupted);
            var node = new FleetNode(id, Path.Combine(folder, id), program, hub, Settings(hub, id, number, key), clock);
            _nodes.Add(id, node);
            await node.StartAsync(interrupted);
        }

        await UntilAsync(hub, () => Connected + _nodes.Values.Count(each => each.HasDied) == _nodes.Count, ConnectPatience, interrupted);
    }

    private async Task<double?> LiveAsync(LocalHub hub, CancellationToken interrupted)
    {
        if (options.Outage == TimeSpan.Zero)
        {
            await UntilAsync(hub, () => false, options.For, interrupted);
            return null;
        }

        TimeSpan half = (options.For - options.Outage) / 2;
        await UntilAsync(hub, () => false, half, interrupted);
        line.Tell($"the hub goes away for {options.Outage.TotalSeconds:0} s");
        await hub.StopListeningAsync();
        try
        {
            await UntilAsync(hub, () => false, options.Outage, interrupted);
        }
        finally
        {
            await hub.ResumeListeningAsync();
        }

        line.Tell("the hub is back");
        long back = clock.GetTimestamp();
        bool isWhole = await UntilAsync(hub, () => Connected == _nodes.Count, half + RecoveryPatience, interrupted);
        TimeSpan recovery = clock.GetElapsedTime(back);
        await UntilAsync(hub, () => false, half - recovery, interrupted);
        return isWhole ? Math.Round(recovery.TotalSeconds, 1) : null;
    }

    /// <summary>Shows the fleet until the condition holds; false when the time was over first.</summary>
    private async Task<bool> UntilAsync(LocalHub hub, Func<bool> condition, TimeSpan patience, CancellationToken interrupted)
    {
        long began = clock.GetTimestamp();
        while (true)
        {
            Look(hub);
            if (condition())
            {
                return true;
            }

            TimeSpan left = patience - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await Task.Delay(left < Pace ? left : Pace, clock, interrupted);
        }
    }

    private void Look(LocalHub hub)
    {
        foreach (HubEvent happened in hub.ConnectionEvents.After(_lastEvent, EventsAtATime))
        {
            _lastEvent = happened.SequenceNumber;
            if (happened.Kind is HubEventKind.Connected or HubEventKind.Disconnected && _nodes.TryGetValue(happened.DeviceId, out FleetNode? node))
            {
                node.Note(happened);
            }
        }

        long readings = _nodes.Values.Sum(node => node.Refresh());
        int dead = _nodes.Values.Count(node => node.HasDied);
        line.Show(string.Create(
            CultureInfo.InvariantCulture,
            $"{clock.GetElapsedTime(_zero).TotalSeconds,5:0} s  {_nodes.Count} of {options.Nodes} started  {Connected} connected  {readings} readings at the hub{(dead > 0 ? $"  {dead} ended by themselves" : "")}"));
    }

    /// <summary>The enrolment group's key, made once for each folder: nodes that come back are still known by it.</summary>
    private static string KeyOf(string folder)
    {
        string file = Path.Combine(folder, "fleet.key");
        if (File.Exists(file))
        {
            return File.ReadAllText(file);
        }

        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var asNew = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            asNew.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var stream = new FileStream(file, asNew);
        stream.Write(Encoding.ASCII.GetBytes(key));
        return key;
    }

    private static Dictionary<string, string> Settings(LocalHub hub, string id, int number, string key) => new()
    {
        ["Hub:Dps:HostName"] = hub.HostName,
        ["Hub:Dps:Port"] = Text(hub.MqttPort),
        ["Hub:Dps:IdScope"] = hub.IdScope,
        ["Hub:Dps:RegistrationId"] = id,
        ["Hub:Dps:GroupKey"] = key,
        ["Hub:Port"] = Text(hub.MqttPort),
        ["Hub:HttpsPort"] = Text(hub.HttpsPort),
        ["Hub:TrustedRootsFile"] = hub.CaFile,
        ["Http:Port"] = "0",
        ["Http:Address"] = "127.0.0.1",
        ["Bus:Provider"] = "emulated",
        ["Bus:Emulated:Seed"] = Text(number),
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
