using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Service;

namespace HilRig.Up;

/// <summary>What a timed session does by itself once readings arrive: it changes the interval by the twin and toggles the LED.</summary>
internal sealed class GuidedTour(EmulatedBench bench, TimeProvider clock, Action<string> tell)
{
    private const string Property = "climate.interval";
    private const string NewInterval = "PT1S";
    private const string Method = "led*toggle";
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    public bool TwinAcknowledged { get; private set; }

    public int MethodsAnswered { get; private set; }

    /// <summary>Waits for the first reading at the hub, then asks and waits for both answers. A refusal is told and leaves its figure as it is.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await bench.Hub.Telemetry.WaitUntilAsync(log => log.Received > 0, cancellationToken);
            await ChangeIntervalAsync(cancellationToken);
            await ToggleAsync(cancellationToken);
        }
        catch (RigException fault)
        {
            tell(fault.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The session's time is over: what is not answered by now counts as not answered.
        }
    }

    private async Task ChangeIntervalAsync(CancellationToken cancellationToken)
    {
        var change = new TwinAssignment(TwinAssignment.ParsePath(Property), JsonValue.Create(NewInterval));
        JsonObject twin = await bench.Service.PatchDesiredAsync(bench.DeviceId, TwinAssignment.ToDesired([change]), cancellationToken);
        long version = PropertyAnswer.DesiredVersion(twin);
        PropertyAnswer? answer = null;
        await Waiting.UntilAsync(
            async () => (answer = PropertyAnswer.Find(await bench.Service.GetTwinAsync(bench.DeviceId, cancellationToken), change.Path)) is { } seen && seen.Version >= version,
            AnswerPatience,
            clock,
            cancellationToken);
        TwinAcknowledged = answer is { Code: 200 } && answer.Version >= version;
        tell(TwinAcknowledged
            ? $"twin       {Property} = {NewInterval}, acknowledged for version {version}"
            : $"twin       {Property} = {NewInterval} was not acknowledged: {answer?.Code} {answer?.Description}");
    }

    private async Task ToggleAsync(CancellationToken cancellationToken)
    {
        MethodAnswer answer = await bench.Service.CallMethodAsync(bench.DeviceId, Method, payload: null, AnswerPatience, cancellationToken);
        MethodsAnswered += answer.Status == 200 ? 1 : 0;
        tell($"method     {Method} answered {answer.Status} {answer.Payload?.ToJsonString()}");
    }
}
