using System.Diagnostics;
using System.Globalization;

namespace Node.Benchmarks.Nodes;

/// <summary>A part of the node, measured in a process of its own.</summary>
internal static class HostProbe
{
    private static readonly KeyValuePair<string, string>[] AsTheNode =
        [new("DOTNET_TieredCompilation", "0"), new("DOTNET_gcConcurrent", "0"), new("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0")];

    /// <summary>Starts it, both of its standard streams in the caller's hands.</summary>
    /// <param name="probe">The probe's assembly.</param>
    /// <param name="arguments">Which part, and how.</param>
    public static Process Start(string probe, params IEnumerable<string> arguments) => Start(probe, [], arguments);

    /// <summary>Runs it and returns its figures: the last line that it prints.</summary>
    /// <param name="probe">The probe's assembly.</param>
    /// <param name="arguments">Which part, and how.</param>
    public static double[] Run(string probe, params IEnumerable<string> arguments) => Figures(Start(probe, arguments), arguments);

    /// <summary>
    /// The same with the runtime set as the node's: each method is compiled in full at its first call, since what ships is natively compiled and has no compiler at
    /// work beside it, and the pool's threads do not spin.
    /// </summary>
    /// <param name="probe">The probe's assembly.</param>
    /// <param name="arguments">Which part, and how.</param>
    public static double[] RunAsTheNode(string probe, params IEnumerable<string> arguments) =>
        Figures(Start(probe, AsTheNode, arguments), arguments);

    private static Process Start(string probe, KeyValuePair<string, string>[] environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [probe, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static double[] Figures(Process process, IEnumerable<string> arguments)
    {
        using Process probe = process;
        string printed = probe.StandardOutput.ReadToEnd();
        probe.WaitForExit();
        return probe.ExitCode == 0
            ? [.. printed.TrimEnd().Split('\n')[^1].Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"The probe {string.Join(' ', arguments)} ended with code {probe.ExitCode}.");
    }
}
