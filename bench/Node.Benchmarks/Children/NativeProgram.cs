using System.Diagnostics;
using System.Globalization;
using System.Text;
using Node.Benchmarks.Brokers;

namespace Node.Benchmarks.Children;

/// <summary>The program of <c>bench/Node.NativeProbe</c>, published twice: natively compiled, and for the runtime.</summary>
internal sealed class NativeProgram
{
    private readonly string _folder;
    private readonly string _name;

    private NativeProgram(string folder, string name)
    {
        _folder = folder;
        _name = name;
    }

    /// <summary>Publishes both; null, with the reason, where that cannot be done.</summary>
    public static (NativeProgram? Native, NativeProgram? Managed, string Why) Publish()
    {
        if (Repository.NativeObstacle() is { } obstacle)
        {
            return (null, null, obstacle);
        }

        string project = Path.Combine(Repository.Root()!, "bench", "Node.NativeProbe");
        string folder = Path.Combine(AppContext.BaseDirectory, "native-probe");
        bool done = Repository.Publish(project, Path.Combine(folder, "aot"), native: true) && Repository.Publish(project, Path.Combine(folder, "jit"), native: false);
        return done
            ? (new NativeProgram(Path.Combine(folder, "aot"), "Node.NativeProbe"), new NativeProgram(Path.Combine(folder, "jit"), "Node.NativeProbe"), "")
            : (null, null, "dotnet publish of bench/Node.NativeProbe failed");
    }

    /// <summary>Runs it and returns what it printed.</summary>
    public double[] Answer(string task, Endpoint endpoint)
    {
        using Process child = Process.Start(new ProcessStartInfo(Path.Combine(_folder, _name))
        {
            ArgumentList = { task, endpoint.Port.ToString(CultureInfo.InvariantCulture), Convert.ToBase64String(Encoding.ASCII.GetBytes(endpoint.RootPem)) },
            RedirectStandardOutput = true,
        })!;
        string printed = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? [.. printed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"{_folder} ended with code {child.ExitCode}.");
    }
}
