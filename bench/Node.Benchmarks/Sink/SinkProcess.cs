using System.Diagnostics;
using System.Text;

namespace Node.Benchmarks.Sink;

/// <summary>The sink as a child process; it ends with this object, or with its parent.</summary>
internal sealed class SinkProcess : IDisposable
{
    private readonly Process _process;

    public SinkProcess()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(SinkProcess).Assembly.Location);
        }

        start.ArgumentList.Add("sink");
        _process = Process.Start(start)!;
        string[] line = _process.StandardOutput.ReadLine()!.Split(' ');
        Port = int.Parse(line[0], System.Globalization.CultureInfo.InvariantCulture);
        RootPem = Encoding.ASCII.GetString(Convert.FromBase64String(line[1]));
    }

    public int Port { get; }

    public string RootPem { get; }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
