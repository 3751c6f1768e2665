namespace Node.Sensors.Actuators;

/// <summary>One output at one instant.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Level">What it reads back, 0 to 1; <see langword="null"/> when that is not known.</param>
/// <param name="Target">What it was last given as its goal.</param>
/// <param name="FailSafeLevel">What it takes when nobody is in charge.</param>
/// <param name="Cause">Why it is in this state: who commanded it, or which limit ended it.</param>
/// <param name="SinceCommand">Time since the last command that was carried out; <see langword="null"/> before the first.</param>
/// <param name="CommandedBy">Who gave that command.</param>
/// <param name="OnFor">How long it has been on; <see langword="null"/> when it is off.</param>
/// <param name="LeaseRemaining">How long the command still holds; <see langword="null"/> when no end is set.</param>
/// <param name="Fault">What is wrong with it; <see langword="null"/> when nothing is.</param>
/// <param name="Disarmed">Why it waits to be armed; <see langword="null"/> when it does not.</param>
public sealed record OutputStatus(
    string Name, double? Level, double Target, double FailSafeLevel, string Cause, TimeSpan? SinceCommand, string? CommandedBy,
    TimeSpan? OnFor, TimeSpan? LeaseRemaining, string? Fault, string? Disarmed)
{
    /// <summary>Whether it reads back as on; <see langword="null"/> when that is not known.</summary>
    public bool? IsOn => Level is { } level ? level > 0 : null;
}
