using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Interop.NodeSdk.Support;

/// <summary>One of our scripts as a process: it tells its steps and at the end its findings, and waits where the test must act first.</summary>
internal sealed class NodeScript : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60); // for the whole script; a busy machine included

    private readonly string _name;
    private readonly Process _process;
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Channel<JsonNode> _lines = Channel.CreateUnbounded<JsonNode>();
    private readonly StringBuilder _noise = new();
    private readonly Lock _gate = new();

    /// <summary>Starts the script of this name from the scripts folder.</summary>
    public NodeScript(string name, IReadOnlyDictionary<string, string> environment)
    {
        string scripts = Path.Combine(SdkPackages.Folder, "scripts");
        var start = new ProcessStartInfo("node", ["--require", Path.Combine(scripts, "lib", "redirect.js"), Path.Combine(scripts, name)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }

        _name = name;
        _limit.CancelAfter(Limit);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until the script has come to its next step, which must be this one.</summary>
    public async Task ReachesAsync(string step)
    {
        JsonNode line = await NextAsync();
        Assert.True((string?)line["step"] == step, $"{_name} should be at '{step}': {line.ToJsonString()}\n{Noise}");
    }

    /// <summary>Lets the script go on from where it waits.</summary>
    public async Task ProceedAsync()
    {
        await _process.StandardInput.WriteLineAsync("go".AsMemory(), _limit.Token);
        await _process.StandardInput.FlushAsync(_limit.Token);
    }

    /// <summary>Waits for the script's end and gives what it found.</summary>
    public async Task<JsonNode> FindingsAsync()
    {
        JsonNode line = await NextAsync();
        return line["findings"] ?? throw new InvalidOperationException($"{_name} should have ended: {line.ToJsonString()}\n{Noise}");
    }

    /// <summary>Waits for the end of a script that takes its own life.</summary>
    public Task EndAsync() => _process.WaitForExitAsync(_limit.Token);

    /// <summary>Ends the script if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _limit.Dispose();
    }

    private string Noise
    {
        get
        {
            lock (_gate)
            {
                return _noise.ToString();
            }
        }
    }

    private async Task<JsonNode> NextAsync()
    {
        try
        {
            JsonNode line = await _lines.Reader.ReadAsync(_limit.Token);
            return line["failed"] is { } failed ? throw new InvalidOperationException($"{_name} failed: {failed}\n{Noise}") : line;
        }
        catch (Exception gone) when (gone is OperationCanceledException or ChannelClosedException)
        {
            throw new InvalidOperationException($"{_name} {(gone is ChannelClosedException ? "ended without a word" : "did not get there in time")}.\n{Noise}", gone);
        }
    }

    /// <summary>A line of JSON is for the test; whatever else the packages print is kept for a failure's message.</summary>
    private void Take(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
        }
        else if (line.StartsWith('{'))
        {
            _lines.Writer.TryWrite(JsonNode.Parse(line)!);
        }
        else
        {
            Note(line);
        }
    }

    private void Note(string? line)
    {
        lock (_gate)
        {
            _noise.AppendLine(line);
        }
    }
}
