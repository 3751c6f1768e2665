using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Node.Benchmarks.Nodes;

/// <summary>The hub emulator as a child process; it ends with this object.</summary>
internal sealed class RigHub : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sensornode-bench-hub-");
    private readonly JsonNode _hub;

    public RigHub(string rig, params string[] devices)
    {
        string[] arguments =
        [
            rig, "hub", "--data", _folder.FullName, "--mqtt-port", "0", "--https-port", "0", "--amqp-port", "0", "--page-port", "0",
            .. devices.SelectMany(device => new[] { "--device", device }),
        ];
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        while (_process.StandardOutput.ReadLine() is { } line && !line.StartsWith("hub ready", StringComparison.Ordinal))
        {
            // until it is ready, or has ended
        }

        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _hub = _process.HasExited
            ? throw new InvalidOperationException("The hub emulator did not start.")
            : JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "hub.json")))!;
    }

    /// <summary>The settings of a node that connects to it as this device.</summary>
    public IReadOnlyDictionary<string, string> Settings(string device) => new Dictionary<string, string>
    {
        ["Node:Hub:ConnectionString"] = (string)_hub["devices"]![device]!,
        ["Node:Hub:Port"] = Number("mqttPort"),
        ["Node:Hub:HttpsPort"] = Number("httpsPort"),
        ["Node:Hub:TrustedRootsFile"] = (string)_hub["caFile"]!,
    };

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Number(string name) => ((int)_hub[name]!).ToString(CultureInfo.InvariantCulture);
}
