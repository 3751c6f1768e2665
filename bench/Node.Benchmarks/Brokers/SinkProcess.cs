using System.Diagnostics;
using System.Globalization;
using System.Text;
using Node.Benchmarks.Children;

namespace Node.Benchmarks.Brokers;

/// <summary>The sink as a child process; it ends with this object, or with its parent.</summary>
internal sealed class SinkProcess : IBroker
{
    private readonly Process _process;

    public SinkProcess()
    {
        _process = Self.Start("sink");
        string[] line = _process.StandardOutput.ReadLine()!.Split(' ');
        Endpoint = new Endpoint(int.Parse(line[0], CultureInfo.InvariantCulture), Encoding.ASCII.GetString(Convert.FromBase64String(line[1])));
    }

    public string Name => "sink";

    public Endpoint Endpoint { get; }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
