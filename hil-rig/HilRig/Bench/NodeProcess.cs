using System.ComponentModel;
using System.Diagnostics;

namespace HilRig.Bench;

/// <summary>The node as a process of its own: started, listened to, stopped by SIGTERM or killed.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TimeProvider _clock;

    private NodeProcess(Process process, LogTail log, TimeProvider clock)
    {
        _process = process;
        _clock = clock;
        Log = log;
        Id = process.Id;
        StartedAt = clock.GetTimestamp();
        Exited = AwaitExitAsync();
    }

    public int Id { get; }

    /// <summary>The clock's timestamp just after the process was started.</summary>
    public long StartedAt { get; }

    /// <summary>What it wrote to both its streams.</summary>
    public LogTail Log { get; }

    /// <summary>Ends with the exit code when the process has gone, however that came about.</summary>
    public Task<int> Exited { get; }

    /// <param name="program">What to run.</param>
    /// <param name="environment">Laid over the rig's own environment, from which every <c>Node__</c> variable was removed first.</param>
    /// <param name="log">Collects the lines; it may be shared by the node's successive processes.</param>
    /// <param name="echo">Called with each line, on a thread of the pool; null for none.</param>
    /// <param name="clock">Times the start and the stops.</param>
    /// <exception cref="RigException">The program would not start.</exception>
    public static NodeProcess Start(NodeProgram program, IReadOnlyDictionary<string, string> environment, LogTail log, Action<string>? echo, TimeProvider clock)
    {
        var start = new ProcessStartInfo(program.File, program.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string inherited in start.Environment.Keys.Where(IsForNodes).ToArray())
        {
            start.Environment.Remove(inherited);
        }
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Hear(line.Data, log, echo);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, log, echo);
        try
        {
            process.Start();
        }
        catch (Win32Exception fault)
        {
            process.Dispose();
            throw new RigException(RigFault.NodeMissing, $"{program.File}: the node would not start ({fault.Message})", fault);
        }
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new NodeProcess(process, log, clock);
    }

    /// <summary>SIGKILL: no chance to tidy up, as in a power cut. Returns when the process is gone.</summary>
    public async Task<int> KillAsync()
    {
        if (!Exited.IsCompleted)
        {
            _process.Kill();
        }
        return await Exited;
    }

    /// <summary>SIGTERM, and SIGKILL when the process is still there after <paramref name="patience"/>.</summary>
    public async Task<(int ExitCode, TimeSpan Took, bool WasKilled)> StopAsync(TimeSpan patience)
    {
        long asked = _clock.GetTimestamp();
        PosixSignals.Terminate(Id);
        Task first = await Task.WhenAny(Exited, Task.Delay(patience, _clock));
        bool late = first != Exited;
        int exitCode = late ? await KillAsync() : await Exited;
        return (exitCode, _clock.GetElapsedTime(asked), late);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static bool IsForNodes(string name) =>
        name.StartsWith("Node__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);

    private static void Hear(string? line, LogTail log, Action<string>? echo)
    {
        if (line is not null)
        {
            log.Add(line);
            echo?.Invoke(line);
        }
    }

    private async Task<int> AwaitExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }
}
