using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Hub.Benchmarks;

/// <summary>The hub as a child process; it ends with this object, or with its parent.</summary>
internal sealed class HubProcess : IDisposable
{
    /// <summary>The argument that makes a process the hub.</summary>
    public const string Word = "hub";

    private readonly Process _process;

    public HubProcess()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(HubProcess).Assembly.Location);
        }

        start.ArgumentList.Add(Word);
        _process = Process.Start(start)!;
        Address = JsonSerializer.Deserialize<HubAddress>(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The hub did not start."))!;
    }

    public HubAddress Address { get; }

    /// <summary>Processor time and resident memory, without disturbing the hub.</summary>
    public (TimeSpan Cpu, long Resident, long Peak) Glance()
    {
        _process.Refresh();
        return (_process.TotalProcessorTime, _process.WorkingSet64, _process.PeakWorkingSet64);
    }

    /// <summary>Everything; lets the hub collect its garbage first.</summary>
    public HubState Ask()
    {
        TimeSpan cpu = Glance().Cpu;
        _process.StandardInput.WriteLine();
        string[] figures = _process.StandardOutput.ReadLine()!.Split(' ');
        long[] numbers = Array.ConvertAll(figures, figure => long.Parse(figure, CultureInfo.InvariantCulture));
        return new HubState(Glance().Resident, numbers[0], numbers[1], cpu, numbers[2]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
