namespace Node.Sensors.Emulation;

/// <summary>The digital comparator behind the ALERT/RDY pin. Source: ADS1115 datasheet SBAS444, digital comparator.</summary>
internal sealed class Ads1115Comparator
{
    private int _beyond;

    public bool IsAsserted { get; private set; }

    public void Reset()
    {
        _beyond = 0;
        IsAsserted = false;
    }

    /// <summary>Judges the code of a conversion that has just ended.</summary>
    public void Judge(short code, Ads1115Control control, short low, short high)
    {
        if (control.Queue is not { } needed)
        {
            Reset();
            return;
        }

        bool beyond = code > high || (control.IsWindow && code < low);
        bool back = control.IsWindow ? !beyond : code < low;
        _beyond = beyond ? Math.Min(_beyond + 1, needed) : 0;
        if (_beyond >= needed) { IsAsserted = true; }
        else if (back && !control.IsLatching) { IsAsserted = false; }
    }

    /// <summary>A read of the conversion register lets go of a latched alert until the next conversion beyond a threshold.</summary>
    public void ConversionWasRead(Ads1115Control control)
    {
        if (control.IsLatching) { Reset(); }
    }
}
