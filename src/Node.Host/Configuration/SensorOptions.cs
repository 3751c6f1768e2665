namespace Node.Host.Configuration;

/// <summary>One sensor: configuration section <c>Node:Sensors:{name}</c>. Its name is its Plug and Play component's.</summary>
internal sealed record SensorOptions
{
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    public required string Name { get; init; }

    /// <summary>Chip name of the sensor catalogue, for example <c>BME280</c>.</summary>
    public required string Chip { get; init; }

    /// <summary>I2C bus number. Default 1, the one on the Pi's header; 0 to 255.</summary>
    public int Bus { get; init; } = 1;

    /// <summary>7-bit I2C address. Default the first that the chip can have.</summary>
    public required int Address { get; init; }

    /// <summary>Time between two readings. Default 5 s; 100 ms to 1 day.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    public bool Enabled { get; init; } = true;
}
