using System.Diagnostics;
using System.Globalization;

namespace Node.Benchmarks.Nodes;

/// <summary>A part of the node, measured in a process of its own.</summary>
internal static class HostProbe
{
    /// <summary>Starts it, both of its standard streams in the caller's hands.</summary>
    /// <param name="probe">The probe's assembly.</param>
    /// <param name="arguments">Which part, and how.</param>
    public static Process Start(string probe, params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [probe, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Runs it and returns its figures: the last line that it prints.</summary>
    /// <param name="probe">The probe's assembly.</param>
    /// <param name="arguments">Which part, and how.</param>
    public static double[] Run(string probe, params IEnumerable<string> arguments)
    {
        using Process process = Start(probe, arguments);
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? [.. printed.TrimEnd().Split('\n')[^1].Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"The probe {string.Join(' ', arguments)} ended with code {process.ExitCode}.");
    }
}
