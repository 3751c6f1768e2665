using System.Diagnostics;
using System.Text;
using Node.Host.Composition;

namespace Node.Host.Tests.TestKit;

/// <summary>The real program as its own process, on a data folder of its own.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _gate = new();

    public NodeProcess(string folder, string[] arguments, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "sensornode"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (string key in start.Environment.Keys.Where(key => key.StartsWith("Node__", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(key);
        }

        (string, string)[] common = [("Node__DataFolder", folder), ("Node__Http__Port", "0"), ("Node__Bus__Provider", "emulated")];
        foreach ((string key, string value) in common.Concat(settings))
        {
            start.Environment[key] = value;
        }

        Folder = folder;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Append;
        _process.ErrorDataReceived += Append;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Folder { get; }

    public int Id => _process.Id;

    /// <summary>Everything written so far, standard error included.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits until the node listens and tells where.</summary>
    public async Task<RunningNode> ListeningAsync(CancellationToken cancellationToken)
    {
        RunningNode? running = null;
        await UntilAsync(() => (running = RunningNode.Read(Folder)) is not null && running.Pid == Id, cancellationToken);
        return running!;
    }

    /// <summary>Asks every 20 ms until it is so; fails after a minute with the program's output.</summary>
    public async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        while (!condition())
        {
            if (_process.HasExited || limit.IsCancellationRequested)
            {
                Assert.Fail($"The node {(_process.HasExited ? "has ended" : "did not get there in time")}:\n{Output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Tells the program to stop, as an init system does.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends a signal by its name.</summary>
    public void Signal(string name) => Process.Start("kill", [$"-{name}", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_gate)
        {
            _output.AppendLine(line.Data);
        }
    }
}
