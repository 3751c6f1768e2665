namespace Node.Host.Automation;

/// <summary>How a threshold stands; replaced as a whole.</summary>
/// <param name="IsRaised">Whether its alarm is raised.</param>
/// <param name="Since">Since when, by the wall clock; null before the first crossing.</param>
/// <param name="Value">The value at the last change, in the quantity's unit, as <see cref="Threshold.Shown"/> gives it.</param>
internal sealed record AlarmState(bool IsRaised, DateTimeOffset? Since, double Value)
{
    public static readonly AlarmState Normal = new(false, null, 0);

    /// <summary>What became of the actuator: its state when it followed, or why it was not driven; null when there is nothing to drive.</summary>
    public string? Drive { get; init; }
}
