using System.Globalization;

namespace Hub.Benchmarks;

/// <summary>A run: start, register, connect, idle, send in rounds; after each what the hub's process has taken.</summary>
internal static class ScaleRun
{
    private const int SparePortsAndFiles = 300;

    /// <returns>0 when every message was acknowledged and no connection lost.</returns>
    public static async Task<int> RunAsync(ScaleLoad load, CancellationToken cancellationToken)
    {
        if (OpenFiles.HardLimit() is { } limit && limit < load.Connections + SparePortsAndFiles)
        {
            await Console.Error.WriteLineAsync($"{load.Connections} connections need {load.Connections + SparePortsAndFiles} open files in each of two processes, and {limit} are allowed; raise it with 'ulimit -Hn', or ask for less with --connections.");
            return 2;
        }

        TimeProvider clock = TimeProvider.System;
        var figures = new LoadFigures();
        using var hub = new HubProcess();
        using var fleet = new Fleet(hub.Address, load, figures, clock);
        Head(load);
        HubState start = hub.Ask();
        Row("started", start, null, 0, "");

        long began = clock.GetTimestamp();
        await fleet.RegisterAsync(cancellationToken);
        HubState registered = hub.Ask();
        Row($"{load.Connections:N0} devices registered", registered, start, clock.GetElapsedTime(began).TotalSeconds, "");

        began = clock.GetTimestamp();
        await fleet.ConnectAsync(cancellationToken);
        double seconds = clock.GetElapsedTime(began).TotalSeconds;
        HubState connected = hub.Ask();
        Row(
            $"{load.Connections:N0} connected", connected, registered, seconds,
            Text($"{load.Connections / seconds:0} a second; {(connected.Cpu - registered.Cpu).TotalMilliseconds / load.Connections:0.00} ms CPU, {(connected.Resident - registered.Resident) / 1024.0 / load.Connections:0.0} KiB each"));

        await Task.Delay(load.Duration, clock, cancellationToken);
        HubState idle = hub.Ask();
        Row($"idle for {load.Duration.TotalSeconds:0} s", idle, connected, load.Duration.TotalSeconds, Text($"{(idle.Cpu - connected.Cpu).TotalSeconds / load.Duration.TotalSeconds:P1} of a core"));

        HubState before = idle;
        for (int round = 1; round <= load.Rounds; round++)
        {
            began = clock.GetTimestamp();
            await fleet.SendAsync(cancellationToken);
            seconds = clock.GetElapsedTime(began).TotalSeconds;
            (double median, double p99) = figures.TakeMilliseconds();
            HubState after = hub.Ask();
            long messages = after.Received - before.Received;
            Row(
                $"round {round}: {messages:N0} messages", after, before, seconds,
                Text($"**{messages / seconds:N0} a second**; {(after.Cpu - before.Cpu).TotalMicroseconds / messages:0.0} µs CPU, {(after.Allocated - before.Allocated) / messages:N0} B allocated each; acknowledged in {median:0.0} ms, p99 {p99:0.0} ms"));
            before = after;
        }

        Console.WriteLine();
        Console.WriteLine(Text($"Peak resident memory {hub.Glance().Peak / 1048576.0:0} MiB. {figures.Sent:N0} sent, {figures.Acknowledged:N0} acknowledged in order, {before.Received:N0} received, {figures.Lost} connections lost."));
        return figures.Lost == 0 && figures.Sent == figures.Acknowledged && before.Received == figures.Sent ? 0 : 1;
    }

    private static void Head(ScaleLoad load)
    {
        string load1 = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        Console.WriteLine(Text($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores for hub and devices together, load {load1} before the run; {load.Senders} senders, {(load.Rate == 0 ? "as fast as they are acknowledged" : $"{load.Rate:N0} messages a second")}."));
        Console.WriteLine();
        Console.WriteLine("| the hub's process | resident | heap held | CPU | took | |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
    }

    private static void Row(string what, HubState now, HubState? before, double seconds, string more) => Console.WriteLine(Text(
        $"| {what} | {now.Resident / 1048576.0:0} MiB | {now.Heap / 1048576.0:0} MiB | {(now.Cpu - (before?.Cpu ?? TimeSpan.Zero)).TotalSeconds:0.0} s | {seconds:0.0} s | {more} |"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
