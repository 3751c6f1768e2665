using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Node.Benchmarks.Nodes;

/// <summary>A node as a process, with a data folder of its own; it is told to stop, and the folder deleted, with this object.</summary>
internal sealed class NodeRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sensornode-bench-node-");
    private readonly HttpClient _http;
    private readonly string _program;

    /// <param name="folder">Where the node was published to.</param>
    /// <param name="settings">KEY and value.</param>
    public NodeRun(string folder, params IEnumerable<KeyValuePair<string, string>> settings)
    {
        _program = Path.Combine(folder, "sensornode");
        int port = FreePort();
        var start = new ProcessStartInfo(_program, ["run"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string key, string value) in settings.Append(new("Node:Http:Port", port.ToString(CultureInfo.InvariantCulture))).Append(new("Node:DataFolder", _folder.FullName)))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        Process = Process.Start(start)!;
        _ = Process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = Process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
        Account = new ProcessAccount(Process.Id);
    }

    public Process Process { get; }

    public ProcessAccount Account { get; }

    /// <summary>Waits for the first confirmation and returns when it came, in ms since the process was started, by the node's own account.</summary>
    public double FirstConfirmed()
    {
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Patience && !Process.HasExited)
        {
            Pause.For(Look);
            if ((double?)Get("/api/status")?["telemetry"]?["firstConfirmedSeconds"] is { } seconds)
            {
                return 1_000 * seconds;
            }
        }

        throw new InvalidOperationException($"{_program} confirmed nothing within {Patience.TotalSeconds} s.");
    }

    /// <summary>A counter of <c>/metrics</c>.</summary>
    public double Metric(string name) => _http.GetStringAsync("/metrics").GetAwaiter().GetResult().Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' ')
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>Readings ever stored, and their size as the capacity counts it.</summary>
    public (double Readings, double Bytes) Stored()
    {
        using Process spool = Process.Start(new ProcessStartInfo(_program, ["spool", "stat", "--json", "--set", $"Node:DataFolder={_folder.FullName}"]) { RedirectStandardOutput = true })!;
        JsonNode stat = JsonNode.Parse(spool.StandardOutput.ReadToEnd())!;
        spool.WaitForExit();
        return ((double)stat["stored"]!, (double)stat["storedBytes"]!);
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            using Process stop = Process.Start("kill", ["-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]);
            stop.WaitForExit();
            if (!Process.WaitForExit(TimeSpan.FromSeconds(10)))
            {
                Process.Kill();
            }
        }

        Process.Dispose();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private JsonNode? Get(string path)
    {
        try
        {
            return JsonNode.Parse(_http.GetStringAsync(path).GetAwaiter().GetResult());
        }
        catch (HttpRequestException)
        {
            return null; // It does not listen yet.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
