using System.Text.Json.Nodes;
using HilRig.Scenarios;
using HilRig.Service;

namespace HilRig.Checks;

/// <summary>The node answered a desired property with the expected code, and value where one is given, early enough after the change.</summary>
internal sealed record TwinAcknowledged(string Path, JsonNode? Value, int Status, TimeSpan Limit) : Check
{
    public override string Name => $"{Path} acknowledged with {Status}{(Value is null ? "" : $", value {Value.ToJsonString()},")} within {Durations.Write(Limit)}";

    public override string? WhyUseless(Scenario scenario) =>
        scenario.Timeline.OfType<TwinStep>().Any(Sets) ? null : $"no timeline step sets '{Path}'";

    public override Verdict Judge(RunRecord run)
    {
        StepRecord? asked = run.Steps.LastOrDefault(step => step.Step is TwinStep change && Sets(change));
        if (asked is null || asked.Failure is not null)
        {
            return Verdict.Fail(asked?.Failure ?? "the change was never made");
        }
        string[] path = Path.Split('.');
        foreach (TwinSnapshot snapshot in run.Twins)
        {
            if (PropertyAnswer.Find(snapshot.Twin, path) is { } answer && answer.Version >= asked.DesiredVersion)
            {
                return Judge(answer, snapshot.At - asked.Began);
            }
        }
        return Verdict.Fail($"no acknowledgement of version {asked.DesiredVersion}");
    }

    private Verdict Judge(PropertyAnswer answer, TimeSpan took)
    {
        string seen = $"{answer.Code} for version {answer.Version}, value {answer.Value?.ToJsonString() ?? "null"}, after {Seconds(took)}{(answer.Description is null ? "" : $": {answer.Description}")}";
        return Verdict.Of(answer.Code == Status && took <= Limit && (Value is null || Same(Value, answer.Value)), seen);
    }

    // 1s and PT1S say the same; anything else must be equal as JSON.
    private static bool Same(JsonNode expected, JsonNode? actual) =>
        JsonNode.DeepEquals(expected, actual)
        || (AsDuration(expected) is { } left && AsDuration(actual) is { } right && left == right);

    private static TimeSpan? AsDuration(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) && Durations.TryParse(text, out TimeSpan duration) ? duration : null;

    private bool Sets(TwinStep step) => step.Assignments.Any(assignment => assignment.DottedPath == Path);
}
