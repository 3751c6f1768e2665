using HilRig.Scenarios;
using HilRig.Service;

namespace HilRig.Checks;

/// <summary>A step of the timeline as it went.</summary>
internal sealed record StepRecord(ScenarioStep Step, TimeSpan Began, TimeSpan Ended)
{
    /// <summary>Why the step could not be done; null when it was.</summary>
    public string? Failure { get; init; }

    /// <summary>The device's answer, of a method step.</summary>
    public MethodAnswer? Answer { get; init; }

    /// <summary>The desired section's version that a twin step made.</summary>
    public long DesiredVersion { get; init; }
}
