using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Dashboard.Browser.Support;

/// <summary>A node with emulated chips as its own process, and where its page is.</summary>
internal sealed class RunningPage : IAsyncDisposable
{
    public const string Token = "correct-horse-battery";

    /// <summary>The fleet's name, for who would have the page take it for markup.</summary>
    public const string FleetName = "<img src=x onerror=window.stung=1>";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly StringBuilder _output = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("sensornode-page-").FullName;
    private Process? _process;

    private RunningPage()
    {
    }

    /// <summary>Ends in a slash.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Starts a node with two sensors, one LED and a token, and waits until it listens.</summary>
    public static async Task<RunningPage> StartAsync()
    {
        var page = new RunningPage();
        await page.RunAsync();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "sensornode"), ["run"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        (string Key, string Value)[] settings =
        [
            ("Node__DataFolder", _folder), ("Node__Http__Port", "0"), ("Node__Http__Token", Token), ("Node__Bus__Provider", "emulated"),
            ("Node__Sensors__climate__Interval", "500ms"), ("Node__Sensors__theSensorInTheFarthestCornerOfTheCellar__Chip", "SHT31"), ("Node__Sensors__theSensorInTheFarthestCornerOfTheCellar__Address", "0x44"),
            ("Node__Sensors__theSensorInTheFarthestCornerOfTheCellar__Interval", "1s"), ("BALENA_APP_NAME", FleetName), ("BALENA_DEVICE_UUID", "2ed5a1e8b6f74d0b9d6f8a1e2c3b4a5d"),
            ("BALENA_APP_LOCK_PATH", Path.Combine(_folder, "updates.lock")),
        ];
        foreach ((string key, string value) in settings)
        {
            start.Environment[key] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Url = await ListeningAsync() + "/";
    }

    private async Task<string> ListeningAsync()
    {
        string file = Path.Combine(_folder, "node.json");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (!File.Exists(file))
        {
            if (_process!.HasExited || limit.IsCancellationRequested)
            {
                Assert.Fail($"The node does not listen:\n{_output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }

        return (string)JsonNode.Parse(await File.ReadAllTextAsync(file, CancellationToken.None))!["httpUrl"]!;
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
