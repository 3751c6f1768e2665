namespace Node.Sensors.Drivers;

/// <summary>What kind of text an option takes.</summary>
public enum SensorOptionKind
{
    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    WholeNumber,

    /// <summary>A number, with a point before the decimals.</summary>
    Number,

    /// <summary>One of <see cref="SensorOption.Choices"/>; case does not matter.</summary>
    Choice,

    /// <summary>Several of <see cref="SensorOption.Choices"/> with commas between; case does not matter.</summary>
    List,

    /// <summary>Any text.</summary>
    Text,
}
