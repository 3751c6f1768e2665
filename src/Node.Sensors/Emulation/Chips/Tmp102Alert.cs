namespace Node.Sensors.Emulation;

/// <summary>
/// The thermostat of an emulated TMP102: a comparator with hysteresis, and behind it the ALERT output as comparator or as interrupt. Source:
/// TMP102 datasheet SBOS397, sections 7.4.5 to 7.4.8 and 7.5.3.
/// </summary>
internal sealed class Tmp102Alert
{
    /// <summary>More than it takes to come to any state.</summary>
    public const int ConversionsThatMatter = 4096;

    private static readonly int[] FaultsNeeded = [1, 2, 4, 6];

    private int _faults;

    /// <summary>Whether the temperature rose to the high limit and has not fallen below the low one since: bit AL, in either mode.</summary>
    public bool IsHot { get; private set; }

    /// <summary>Whether the output is asserted.</summary>
    public bool IsAsserted { get; private set; }

    public void Reset()
    {
        _faults = 0;
        IsHot = false;
        IsAsserted = false;
    }

    /// <summary>Holds a conversion against the limits.</summary>
    /// <param name="counts">The temperature, in the unit of the limits.</param>
    /// <param name="low">T_LOW.</param>
    /// <param name="high">T_HIGH.</param>
    /// <param name="faultQueue">Bits F1 and F0: how many conversions in a row it takes.</param>
    /// <param name="isInterrupt">Bit TM.</param>
    public void Judge(int counts, int low, int high, int faultQueue, bool isInterrupt)
    {
        bool beyond = IsHot ? counts < low : counts >= high;
        _faults = beyond ? _faults + 1 : 0;
        if (_faults >= FaultsNeeded[faultQueue])
        {
            _faults = 0;
            IsHot = !IsHot;
            IsAsserted = isInterrupt || IsHot;
        }

        if (!isInterrupt) { IsAsserted = IsHot; }
    }

    /// <summary>A read of any register, an alert response or a shutdown lets go of an output that works as an interrupt.</summary>
    public void Acknowledge(bool isInterrupt)
    {
        if (isInterrupt) { IsAsserted = false; }
    }
}
