using System.Text.Json.Nodes;
using HilRig.Scenarios;

namespace HilRig.Checks;

/// <summary>Every call of a method in the timeline was answered with the expected status, and payload where one is given.</summary>
internal sealed record MethodAnswers(string Method, int Status, JsonNode? Payload) : Check
{
    public override string Name => $"{Method} answers {Status}{(Payload is null ? "" : $" {Payload.ToJsonString()}")}";

    public override string? WhyUseless(Scenario scenario) =>
        scenario.Timeline.OfType<MethodStep>().Any(step => step.Method == Method) ? null : $"no timeline step calls '{Method}'";

    public override Verdict Judge(RunRecord run)
    {
        StepRecord[] calls = [.. run.Steps.Where(step => step.Step is MethodStep call && call.Method == Method)];
        StepRecord? bad = Array.Find(calls, call => !IsExpected(call));
        return (calls.Length, bad) switch
        {
            (0, _) => Verdict.Fail("the method was never called"),
            (_, null) => Verdict.Pass($"{calls.Length} of {calls.Length} calls answered; the last after {Seconds(calls[^1].Ended - calls[^1].Began)}"),
            _ => Verdict.Fail(bad.Failure ?? $"answered {bad.Answer?.Status} {bad.Answer?.Payload?.ToJsonString() ?? "without payload"}"),
        };
    }

    private bool IsExpected(StepRecord call) =>
        call.Answer is { } answer && answer.Status == Status && (Payload is null || JsonNode.DeepEquals(Payload, answer.Payload));
}
