namespace Node.Sensors.Drivers;

/// <summary>One setting of a chip as configuration, twin and documents know it.</summary>
/// <param name="Name">Pascal case and unique within a chip: the last part of a key such as <c>Node:Sensors:room:Options:Filter</c>.</param>
/// <param name="Kind">What kind of text it takes.</param>
/// <param name="Default">The text that is the same as leaving it out; empty where leaving it out means "none".</param>
/// <param name="Description">What it does and in which unit, for people; one line.</param>
public sealed record SensorOption(string Name, SensorOptionKind Kind, string Default, string Description)
{
    /// <summary>Whether there is no sensor without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The smallest value of a number, or <see langword="null"/>.</summary>
    public double? Minimum { get; init; }

    /// <summary>The largest value of a number, or <see langword="null"/>.</summary>
    public double? Maximum { get; init; }

    /// <summary>The words that may be chosen; empty for every other kind.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What is allowed, for people.</summary>
    public string Allowed => Kind switch
    {
        SensorOptionKind.Flag => "true or false",
        SensorOptionKind.WholeNumber => FormattableString.Invariant($"a whole number from {Minimum} to {Maximum}"),
        SensorOptionKind.Number => FormattableString.Invariant($"a number from {Minimum} to {Maximum}"),
        SensorOptionKind.Choice => string.Join(" or ", Choices),
        SensorOptionKind.List => $"one or more of {string.Join(", ", Choices)}, with commas between",
        _ => "a text",
    };
}
