namespace Node.Sensors.Emulation;

/// <summary>
/// The alert mode of an emulated SHT31: four limit words, and for each quantity whether it is beyond them. Source: Alert Mode of SHT3x-DIS
/// version 1, sections 1, 2 and 4.
/// </summary>
internal sealed class Sht31Alert
{
    private const int HighSet = 0;
    private const int HighClear = 1;
    private const int LowClear = 2;
    private const int LowSet = 3;

    /// <summary>80 % and 60 °C, 79 % and 58 °C, 22 % and −9 °C, 20 % and −10 °C.</summary>
    private static readonly int[] FactoryLimits = [0xCD33, 0xCB2D, 0x3869, 0x3466];

    private readonly int[] _limits = new int[4];

    /// <summary>Status bit 10.</summary>
    public bool Temperature { get; private set; }

    /// <summary>Status bit 11.</summary>
    public bool Humidity { get; private set; }

    /// <summary>Status bit 15: an alert has begun, or the chip was reset, since the status was last cleared.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Limit words in the order high set, high clear, low clear, low set.</summary>
    public int this[int index]
    {
        get => _limits[index];
        set => _limits[index] = value;
    }

    public void Reset()
    {
        FactoryLimits.CopyTo(_limits, 0);
        Clear();
        IsPending = true;
    }

    public void Clear()
    {
        Temperature = false;
        Humidity = false;
        IsPending = false;
    }

    /// <summary>Holds a measurement of periodic mode against the limits.</summary>
    public void Judge(int temperature, int humidity)
    {
        bool before = Temperature || Humidity;
        Temperature = Judge(Temperature, temperature, static word => (word & 0x1FF) << 7);
        Humidity = Judge(Humidity, humidity, static word => word & 0xFE00);
        IsPending |= !before && (Temperature || Humidity);
    }

    private bool Judge(bool alert, int raw, Func<int, int> part)
    {
        int high = part(_limits[HighSet]);
        int low = part(_limits[LowSet]);
        if (low > high) { return false; } // this is how a quantity is left out: section 1

        if (raw > high || raw < low) { return true; }

        return alert && (raw >= part(_limits[HighClear]) || raw <= part(_limits[LowClear]));
    }
}
