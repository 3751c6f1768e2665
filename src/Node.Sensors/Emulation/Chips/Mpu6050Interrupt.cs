namespace Node.Sensors.Emulation;

/// <summary>
/// INT_STATUS and the INT output. Only an enabled cause sets its bit. Latched, the output stays asserted until the status is cleared;
/// otherwise each cause gives a pulse of 50 µs. Source: RM-MPU-6000A revision 4.2, sections 4.13 to 4.15.
/// </summary>
internal sealed class Mpu6050Interrupt
{
    public const byte DataReady = 0x01;
    public const byte FifoOverflow = 0x10;
    public const byte ZeroMotion = 0x20;
    public const byte Motion = 0x40;
    public const byte FreeFall = 0x80;

    private const int ActiveLow = 0x80;
    private const int OpenDrain = 0x40;
    private const int Latched = 0x20;
    private const int ClearedByAnyRead = 0x10;

    private static readonly TimeSpan Pulse = TimeSpan.FromMicroseconds(50);

    /// <summary>INT_PIN_CFG.</summary>
    public byte Pin { get; set; }

    /// <summary>INT_ENABLE.</summary>
    public byte Enabled { get; set; }

    /// <summary>INT_STATUS.</summary>
    public byte Status { get; private set; }

    /// <summary>When a pulse that runs will end.</summary>
    public TimeSpan? PulseEnd { get; private set; }

    public bool IsClearedByAnyRead => (Pin & ClearedByAnyRead) != 0;

    private bool IsAsserted => (Pin & Latched) != 0 ? Status != 0 : PulseEnd is not null;

    public void Reset()
    {
        Pin = 0;
        Enabled = 0;
        Clear();
        PulseEnd = null;
    }

    /// <param name="causes">The bits of what happened.</param>
    /// <param name="at">When.</param>
    public void Raise(byte causes, TimeSpan at)
    {
        if ((Enabled & causes) == 0) { return; }

        Status |= (byte)(Enabled & causes);
        PulseEnd = at + Pulse;
    }

    public void Clear() => Status = 0;

    /// <summary>A read of INT_STATUS, which clears it.</summary>
    public byte TakeStatus()
    {
        byte status = Status;
        Clear();
        return status;
    }

    public void EndPulse(TimeSpan now)
    {
        if (PulseEnd is { } end && now >= end) { PulseEnd = null; }
    }

    /// <summary>The output: high, low, or with an open drain let go.</summary>
    public bool? Level()
    {
        bool high = IsAsserted != ((Pin & ActiveLow) != 0);
        return (Pin & OpenDrain) != 0 && high ? null : high;
    }
}
