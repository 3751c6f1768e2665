using HilRig.Bench;
using HilRig.Checks;
using HilRig.Service;

namespace HilRig.Scenarios;

/// <summary>Plays a timeline on a bench. Steps may overlap: an outage lasts while others happen.</summary>
internal sealed class StepPlayer(EmulatedBench bench, TimeProvider clock)
{
    private static readonly TimeSpan MethodPatience = TimeSpan.FromSeconds(10);
    private readonly Lock _guard = new();
    private readonly List<StepRecord> _played = [];

    /// <summary>In the order of their beginning.</summary>
    public IReadOnlyList<StepRecord> Played
    {
        get
        {
            lock (_guard)
            {
                return [.. _played.OrderBy(step => step.Began)];
            }
        }
    }

    /// <summary>The first thing that the timeline asked for and the rig could not do; a method's refusal is for a check to judge.</summary>
    public string? FirstFailure => Played.FirstOrDefault(step => step.Failure is not null && step.Step is not MethodStep) is { } failed
        ? $"{failed.Step.Text}: {failed.Failure}"
        : null;

    /// <summary>Ends when the scenario's time is over and every step has ended.</summary>
    public async Task PlayAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        long zero = clock.GetTimestamp();
        Task[] steps = [.. scenario.Timeline.Select(step => PlayAtItsTimeAsync(step, zero, cancellationToken))];
        await Task.WhenAll([DelayUntilAsync(zero, scenario.Duration, cancellationToken), .. steps]);
    }

    private async Task PlayAtItsTimeAsync(ScenarioStep step, long zero, CancellationToken cancellationToken)
    {
        await DelayUntilAsync(zero, step.At, cancellationToken);
        TimeSpan began = bench.Elapsed;
        StepRecord record = await PlayAsync(new StepRecord(step, began, began), cancellationToken);
        lock (_guard)
        {
            _played.Add(record.Ended > began ? record : record with { Ended = bench.Elapsed });
        }
    }

    private async Task<StepRecord> PlayAsync(StepRecord record, CancellationToken cancellationToken)
    {
        try
        {
            switch (record.Step)
            {
                case TwinStep change:
                    var twin = await bench.Service.PatchDesiredAsync(bench.DeviceId, TwinAssignment.ToDesired(change.Assignments), cancellationToken);
                    return record with { DesiredVersion = PropertyAnswer.DesiredVersion(twin) };
                case MethodStep call:
                    return record with { Answer = await bench.Service.CallMethodAsync(bench.DeviceId, call.Method, call.Payload, MethodPatience, cancellationToken) };
                case OutageStep outage:
                    (TimeSpan gone, TimeSpan back) = await bench.TakeHubAwayAsync(outage.Length, cancellationToken);
                    return record with { Began = gone, Ended = back };
                case NodeStep node:
                    await ActAsync(node.Action);
                    return record;
                default:
                    throw new System.Diagnostics.UnreachableException($"a step of kind {record.Step.GetType().Name}");
            }
        }
        catch (RigException fault)
        {
            return record with { Failure = fault.Message };
        }
    }

    private async Task ActAsync(NodeAction action)
    {
        if (action == NodeAction.Kill)
        {
            await bench.KillNodeAsync();
        }
        if (action is NodeAction.Stop or NodeAction.Restart)
        {
            await bench.StopNodeAsync();
        }
        if (action is NodeAction.Start or NodeAction.Restart)
        {
            bench.StartNode();
        }
    }

    private Task DelayUntilAsync(long zero, TimeSpan at, CancellationToken cancellationToken)
    {
        TimeSpan left = at - clock.GetElapsedTime(zero);
        return left > TimeSpan.Zero ? Task.Delay(left, clock, cancellationToken) : Task.CompletedTask;
    }
}
