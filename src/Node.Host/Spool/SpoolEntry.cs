namespace Node.Host.Spool;

/// <summary>A reading on its way into the spool.</summary>
/// <param name="Component">The sensor's component name; 1 to 256 characters.</param>
/// <param name="SampledAt">When the reading was taken; kept to 100 ns and given back in UTC.</param>
/// <param name="TimeSynced">Whether the clock was known to be right then; age is judged only by such readings.</param>
/// <param name="Priority">0 normal, 1 alarm: handed out before every normal message and dropped after every one.</param>
/// <param name="Body">UTF-8 JSON of the reading, at most 256 KiB; kept as it is and never to be changed.</param>
internal readonly record struct SpoolEntry(
    string Component, DateTimeOffset SampledAt, bool TimeSynced, int Priority, ReadOnlyMemory<byte> Body)
{
    /// <summary>The quality of a reading that nothing speaks against.</summary>
    public const string Good = "good";

    /// <summary>The greatest length of a quality, in characters.</summary>
    public const int MaxQualityLength = 64;

    /// <summary>The greatest body: IoT Hub refuses a larger device-to-cloud message.</summary>
    public const int MaxBodyBytes = 256 * 1024;

    /// <summary>The greatest length of a component name, in characters.</summary>
    public const int MaxComponentLength = 256;

    /// <summary>What is known of the reading's worth, in one word; null, or <see cref="Good"/>, when nothing speaks against it. At most 64 characters.</summary>
    public string? Quality { get; init; }

    /// <summary>
    /// When the reading was taken on the monotonic clock of the machine; null when that is not known. It dates the reading once the clock
    /// is right, when it was not right then.
    /// </summary>
    public TimeSpan? Monotonic { get; init; }

    /// <exception cref="ArgumentException">A part is missing or too large.</exception>
    public void ThrowIfInvalid()
    {
        ArgumentException.ThrowIfNullOrEmpty(Component);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Component.Length, MaxComponentLength, nameof(Component));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Body.Length, MaxBodyBytes, nameof(Body));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Quality?.Length ?? 0, MaxQualityLength, nameof(Quality));
        if (Priority is not (0 or 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Priority), Priority, "A priority is 0 (normal) or 1 (alarm).");
        }
    }
}
