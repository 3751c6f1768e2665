using System.Diagnostics;
using System.Globalization;

namespace Node.Benchmarks.Nodes;

/// <summary>A part of the node, measured in a process of its own.</summary>
internal static class HostProbe
{
    /// <summary>Starts it, both of its standard streams in the caller's hands.</summary>
    public static Process Start(NodePrograms programs, params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [programs.Probe, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Runs it and returns its figures: the last line that it prints.</summary>
    public static double[] Run(NodePrograms programs, params IEnumerable<string> arguments)
    {
        using Process probe = Start(programs, arguments);
        string printed = probe.StandardOutput.ReadToEnd();
        probe.WaitForExit();
        return probe.ExitCode == 0
            ? [.. printed.TrimEnd().Split('\n')[^1].Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"The probe {string.Join(' ', arguments)} ended with code {probe.ExitCode}.");
    }
}
