using System.Diagnostics;
using System.Globalization;
using System.Text;
using Node.Benchmarks.Brokers;
using Node.Benchmarks.Modes;

namespace Node.Benchmarks.Children;

/// <summary>
/// A measurement that needs a process of its own: the parent passes what to measure, which client and where the broker is; the child prints
/// its figures on one line. It starts without the command line's parser, which would otherwise be part of the figures.
/// </summary>
internal static class Probe
{
    /// <summary>The argument that makes a process a probe.</summary>
    public const string Word = "probe";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, Func<string, Endpoint, double[]>> Kinds = new()
    {
        [Connecting.Probe] = Connecting.Measure,
        [Connecting.Once] = Connecting.ConfirmOne,
        [Latency.Probe] = Latency.Measure,
        [ColdStart.Probe] = ColdStart.Measure,
        [Residency.Probe] = Residency.Measure,
        [OfflineQueue.Probe] = OfflineQueue.Measure,
    };

    /// <summary>Runs a child and returns its figures.</summary>
    public static double[] Run(string kind, string peer, Endpoint endpoint)
    {
        string root = Convert.ToBase64String(Encoding.ASCII.GetBytes(endpoint.RootPem));
        using Process child = Self.Start(Word, kind, peer, endpoint.Port.ToString(CultureInfo.InvariantCulture), root);
        Task<string> reading = child.StandardOutput.ReadToEndAsync();
        if (!reading.Wait(Limit))
        {
            child.Kill();
        }

        child.WaitForExit();
        return child.ExitCode == 0
            ? [.. reading.Result.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"The probe {kind} of {peer} ended with code {child.ExitCode}.");
    }

    /// <summary>The child's side.</summary>
    public static int Answer(string[] args)
    {
        var endpoint = new Endpoint(int.Parse(args[3], CultureInfo.InvariantCulture), Encoding.ASCII.GetString(Convert.FromBase64String(args[4])));
        double[] figures = Kinds[args[1]](args[2], endpoint);
        Console.Out.Write(string.Join(' ', figures.Select(figure => figure.ToString("R", CultureInfo.InvariantCulture))));
        return 0;
    }
}
