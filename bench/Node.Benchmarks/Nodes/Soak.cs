using System.Diagnostics;

namespace Node.Benchmarks.Nodes;

/// <summary>
/// Three processes at the same time, for minutes, so that whatever disturbs the machine disturbs all: the node natively compiled, the same node by the
/// runtime, and a host with an idle Quartz job.
/// </summary>
internal static class Soak
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);

    /// <summary>Lets them run and takes their accounts, window by window.</summary>
    public static SoakResult Run(NodePrograms programs, RigHub hub, TimeSpan duration, int windows)
    {
        IEnumerable<KeyValuePair<string, string>> common = NodeSettings.Eight("5s").Append(new("Node:Spool:CommitDelay", "10s")).Append(new("Node:DoWorkInterval", "100ms"));
        using var native = new NodeRun(programs.Native, [.. common, .. hub.Settings("aot")]);
        using var managed = new NodeRun(programs.Managed, [.. common, .. hub.Settings("jit")]);
        using Process quartz = HostProbe.Start(programs.Probe, "quartz", "100");
        quartz.StandardOutput.ReadLine();
        native.FirstConfirmed();
        managed.FirstConfirmed();
        Pause.For(Settle);

        ProcessAccount[] accounts = [native.Account, managed.Account, new ProcessAccount(quartz.Id)];
        double[] early = [.. accounts.Select(account => account.ResidentMebibytes)];
        Wear before = Wear.Of(native);
        var cpu = new List<double[]>();
        for (int window = 0; window < windows; window++)
        {
            double[] from = [.. accounts.Select(account => account.CpuSeconds)];
            Pause.For(duration / windows);
            cpu.Add([.. accounts.Zip(from, (account, then) => 100 * (account.CpuSeconds - then) / (duration / windows).TotalSeconds)]);
        }

        double[] late = [.. accounts.Select(account => account.ResidentMebibytes)];
        Wear wear = Wear.Of(native).Since(before);
        quartz.StandardInput.Close();
        quartz.WaitForExit();
        return new SoakResult(cpu, early, late, wear, duration);
    }
}

/// <summary>What a soak showed; in each array the node natively compiled, the node by the runtime, the bare host.</summary>
/// <param name="CpuPercent">Of a core, window by window.</param>
/// <param name="Early">Resident MiB at the beginning of the first window.</param>
/// <param name="Late">Resident MiB at the end.</param>
/// <param name="Wear">What the natively compiled node wrote.</param>
/// <param name="Duration">All windows.</param>
internal sealed record SoakResult(IReadOnlyList<double[]> CpuPercent, double[] Early, double[] Late, Wear Wear, TimeSpan Duration);

/// <summary>What a node wrote.</summary>
/// <param name="Readings">Readings stored.</param>
/// <param name="Size">Their size as the capacity counts it.</param>
/// <param name="Commits">Synchronous writes of the spool.</param>
/// <param name="SpoolBytes">Bytes that the spool's thread gave to the kernel.</param>
/// <param name="BlockBytes">Blocks that the whole process dirtied, in bytes.</param>
internal readonly record struct Wear(double Readings, double Size, double Commits, double SpoolBytes, double BlockBytes)
{
    /// <summary>Since the process was started.</summary>
    public static Wear Of(NodeRun node)
    {
        (double readings, double bytes) = node.Stored();
        return new Wear(readings, bytes, node.Metric("sensornode_spool_commits_total"), node.Account.WrittenBy("spool"), node.Account.BlockBytes);
    }

    /// <summary>Since an earlier moment.</summary>
    public Wear Since(Wear then) =>
        new(Readings - then.Readings, Size - then.Size, Commits - then.Commits, SpoolBytes - then.SpoolBytes, BlockBytes - then.BlockBytes);
}
