using Node.Host.Automation;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;

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

    /// <summary>7-bit I2C address, by default the first that the chip can have; null for a chip without one.</summary>
    public int? Address { get; init; }

    /// <summary>The number B of <c>/dev/spidevB.C</c>, for a chip on SPI. Default 0; 0 to 255.</summary>
    public int SpiBus { get; init; }

    /// <summary>The chip select C of <c>/dev/spidevB.C</c>; null for a chip without one.</summary>
    public int? ChipSelect { get; init; }

    /// <summary>The channel of a multiplexer behind which the chip hangs; null when it is on the bus itself.</summary>
    public I2cMuxChannel? Mux { get; init; }

    /// <summary>What the chip itself is told, by its driver's option names; judged when read.</summary>
    public IReadOnlyDictionary<string, string> ChipOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Time between two readings. Default 5 s; 100 ms to 1 day.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Readings by the calendar instead of by interval; null for the interval.</summary>
    public CronSchedule? Cron { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>How long one reading, with the initialisation before it, may take before it counts as hung. Default 30 s; 1 s to 10 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a failure of the first attempt means. Default: it is retried.</summary>
    public StartupBehaviour Startup { get; init; } = StartupBehaviour.Retry;

    /// <summary>What is done to the values of each quantity before they go out. Default nothing.</summary>
    public FilterMap Filters { get; init; } = FilterMap.None;

    /// <summary>What the sensor measures with its options; empty when its chip is not known.</summary>
    public IReadOnlyList<Quantity> Measured { get; init; } = [];

    /// <summary>The limits of raw values that raise alarms. Default none.</summary>
    public ThresholdMap Thresholds { get; init; } = ThresholdMap.None;

    /// <summary>What the sensor measures, by name; empty when its chip is not known.</summary>
    public IReadOnlyList<string> QuantityNames { get; init; } = [];

    /// <summary>What is expected of each quantity and done to it, by the quantity's name.</summary>
    public IReadOnlyDictionary<string, QuantityOptions> Quantities { get; init; } = new Dictionary<string, QuantityOptions>();
}
