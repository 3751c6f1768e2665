namespace Node.Sensors.Bus;

/// <summary>One channel of a TCA9548A multiplexer, behind which a chip hangs.</summary>
/// <param name="Address">The multiplexer's own address on the bus, 0x70 to 0x77.</param>
/// <param name="Channel">The channel, 0 to 7.</param>
public readonly record struct I2cMuxChannel(int Address, int Channel)
{
    /// <summary>The lowest address that the multiplexer's three straps allow.</summary>
    public const int LowestAddress = 0x70;

    /// <summary>The highest address that the multiplexer's three straps allow.</summary>
    public const int HighestAddress = 0x77;

    /// <summary>How many channels one multiplexer has.</summary>
    public const int ChannelCount = 8;

    internal void ThrowIfNotUsable()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Address, LowestAddress);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Address, HighestAddress);
        ArgumentOutOfRangeException.ThrowIfNegative(Channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Channel, ChannelCount);
    }
}
