using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using HilRig.Bench;
using HubEmulator;

namespace HilRig.Fleet;

/// <summary>One node of a fleet: its process, what the hub saw of it, and what it left behind.</summary>
internal sealed class FleetNode : IAsyncDisposable
{
    private const int KeptLines = 50;
    private const double Mebibyte = 1 << 20;
    private const string SpoolFile = "spool.db";

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(60);

    private readonly NodeProgram _program;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, string> _settings;
    private readonly ArrivalLog _arrivals;
    private readonly string _folder;
    private readonly LogTail _log = new(KeptLines);
    private readonly DateTimeOffset _zero;
    private NodeProcess? _process;
    private long _storedBefore;

    /// <param name="deviceId">Its name at hub and provisioning service.</param>
    /// <param name="folder">Its data.</param>
    /// <param name="program">What to run.</param>
    /// <param name="hub">Where its readings arrive.</param>
    /// <param name="settings">Configuration below <c>Node:</c>, with colons.</param>
    /// <param name="clock">Times what it does.</param>
    public FleetNode(string deviceId, string folder, NodeProgram program, LocalHub hub, IReadOnlyDictionary<string, string> settings, TimeProvider clock)
    {
        DeviceId = deviceId;
        _folder = folder;
        _program = program;
        _clock = clock;
        _settings = settings.Append(KeyValuePair.Create("DataFolder", folder)).ToDictionary(pair => "Node__" + pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value);
        _zero = clock.GetUtcNow();
        _arrivals = new ArrivalLog(hub.Telemetry, deviceId, _zero);
        Directory.CreateDirectory(folder);
    }

    public string DeviceId { get; }

    /// <summary>Whether the hub has its connection now.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether the process is gone though nobody ended it.</summary>
    public bool HasDied => _process is { Exited.IsCompleted: true };

    private int Connects { get; set; }

    private TimeSpan? FirstConnected { get; set; }

    /// <summary>Begins its life, or goes on with what an earlier run left in its folder.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _storedBefore = File.Exists(Path.Combine(_folder, SpoolFile)) && await ReadSpoolAsync(cancellationToken) is { } spool ? Count(spool, "stored") : 0;
        _process = NodeProcess.Start(_program.With("run"), _settings, _log, echo: null, _clock);
    }

    /// <summary>Takes over what came to the hub since the last call; answers the count of different readings so far.</summary>
    public long Refresh() => _arrivals.Refresh();

    /// <summary>The hub says that the connection came or went.</summary>
    public void Note(HubEvent happened)
    {
        IsConnected = happened.Kind == HubEventKind.Connected;
        if (IsConnected)
        {
            Connects++;
            FirstConnected ??= happened.Time - _zero;
        }
    }

    /// <summary>Stops it and says how it fared.</summary>
    public async Task<FleetNodeReport> EndAsync(CancellationToken cancellationToken)
    {
        if (_process is not { } process)
        {
            return new FleetNodeReport(DeviceId) { Broken = "it was never started" };
        }

        bool died = HasDied;
        (double resident, double cpu) = Usage(process.Id);
        (int exitCode, _, bool wasKilled) = await process.StopAsync(StopPatience);
        long distinct = _arrivals.Refresh();
        JsonNode? spool = await ReadSpoolAsync(cancellationToken);
        long stored = spool is null ? _storedBefore : Count(spool, "stored");
        long pending = spool is null ? 0 : Count(spool, "depth");
        long missing = Math.Max(0, _arrivals.MissingBetween(_storedBefore + 1, stored).Sum(range => range.Count) - pending);
        return new FleetNodeReport(DeviceId)
        {
            ConnectSeconds = FirstConnected is { } connected ? Math.Round(connected.TotalSeconds, 3) : null,
            FirstTelemetrySeconds = _arrivals.Snapshot() is [{ } first, ..] ? Math.Round(first.At.TotalSeconds, 3) : null,
            Connects = Connects,
            Stored = stored - _storedBefore,
            Distinct = distinct,
            Repeats = _arrivals.Received - _arrivals.Distinct,
            Pending = pending,
            Lost = missing,
            ResidentMebibytes = resident,
            CpuSeconds = cpu,
            ExitCode = exitCode,
            Broken = died ? $"it ended by itself with exit code {exitCode}: {string.Join(" | ", _log.Lines(3))}"
                : wasKilled || exitCode != 0 ? $"it did not stop cleanly (exit code {exitCode})"
                : spool is null ? "its spool could not be read"
                : FirstConnected is null ? $"it never connected: {string.Join(" | ", _log.Lines(3))}"
                : missing > 0 ? $"{missing} readings are lost"
                : null,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }
    }

    /// <summary>What the node's own program says of the spool that the stopped node left; null when it says nothing.</summary>
    private async Task<JsonNode?> ReadSpoolAsync(CancellationToken cancellationToken)
    {
        var said = new LogTail(KeptLines);
        await using NodeProcess asked = NodeProcess.Start(_program.With("spool", "stat", "--json"), _settings, said, echo: null, _clock);
        try
        {
            return await asked.Exited.WaitAsync(AskPatience, _clock, cancellationToken) == 0 ? JsonNode.Parse(string.Concat(said.Lines(KeptLines))) : null;
        }
        catch (Exception silent) when (silent is TimeoutException or JsonException)
        {
            return null;
        }
    }

    private static long Count(JsonNode spool, string name) => (long?)spool[name] ?? 0;

    private static (double ResidentMebibytes, double CpuSeconds) Usage(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return (Math.Round(process.WorkingSet64 / Mebibyte, 1), Math.Round(process.TotalProcessorTime.TotalSeconds, 2));
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return default; // It died: the report says so.
        }
    }
}
