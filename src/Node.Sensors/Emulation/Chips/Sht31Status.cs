namespace Node.Sensors.Emulation;

/// <summary>What an emulated SHT31 tells of itself in its status word. Source: SHT3x-DIS datasheet version 5, section 4.11, table 18.</summary>
internal sealed class Sht31Status
{
    /// <summary>The command that asks for it.</summary>
    public const int Read = 0xF32D;

    private bool _resetDetected;
    private bool _commandFailed;
    private bool _checksumFailed;

    /// <summary>Whether the chip warms itself.</summary>
    public bool Heater { get; set; }

    /// <summary>Power-up and soft reset: the heater is off, and the reset is told until it is cleared.</summary>
    public void Reset()
    {
        Heater = false;
        _resetDetected = true;
        _commandFailed = false;
        _checksumFailed = false;
    }

    /// <summary>The command that clears what is remembered.</summary>
    public void Clear() => _resetDetected = false;

    /// <summary>How the last command ended.</summary>
    /// <param name="processed">Whether the chip carried it out.</param>
    /// <param name="intact">Whether its argument's checksum matched.</param>
    public void Remember(bool processed, bool intact)
    {
        _commandFailed = !processed || !intact;
        _checksumFailed = processed && !intact;
    }

    public int Word(Sht31Alert alert) =>
        (alert.IsPending ? 0x8000 : 0) | (Heater ? 0x2000 : 0) | (alert.Humidity ? 0x0800 : 0) | (alert.Temperature ? 0x0400 : 0)
        | (_resetDetected ? 0x0010 : 0) | (_commandFailed ? 0x0002 : 0) | (_checksumFailed ? 0x0001 : 0);
}
