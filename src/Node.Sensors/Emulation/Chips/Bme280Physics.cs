namespace Node.Sensors.Emulation;

/// <summary>
/// What the converter of one emulated BME280 gives for a physical quantity: the inverse of the datasheet's compensation (appendix 8.1, in
/// double precision), found by bisection, because each formula rises or falls steadily with its raw word.
/// </summary>
internal sealed class Bme280Physics(Bme280Nvm nvm)
{
    private const int Full20 = (1 << 20) - 1;
    private const int Full16 = (1 << 16) - 1;

    public int RawTemperature(double celsius) => Nearest(0, Full20, celsius, raw => TFine(raw) / 5120.0);

    /// <param name="pascals">The air pressure.</param>
    /// <param name="rawTemperature">What the same measurement gives for the temperature, as the host will compensate with it.</param>
    public int RawPressure(double pascals, int rawTemperature)
    {
        double fine = TFine(rawTemperature);
        return Nearest(0, Full20, -pascals, raw => -Pascals(raw, fine));
    }

    /// <param name="percent">Relative humidity.</param>
    /// <param name="rawTemperature">What the same measurement gives for the temperature, as the host will compensate with it.</param>
    public int RawHumidity(double percent, int rawTemperature)
    {
        double fine = TFine(rawTemperature);
        return Nearest(0, Full16, percent, raw => Percent(raw, fine));
    }

    /// <summary>A parabola in the distance of the raw word from 16·T1.</summary>
    internal double TFine(int raw)
    {
        double distance = raw - (16.0 * nvm.T1);
        return distance * ((nvm.T2 * Math.ScaleB(1.0, -14)) + (distance * nvm.T3 * Math.ScaleB(1.0, -34)));
    }

    internal double Pascals(int raw, double fine)
    {
        double a = (fine - 128_000.0) / 2.0;
        double b = Math.ScaleB(nvm.P6 * a * a, -17) + (nvm.P5 * a / 2.0) + Math.ScaleB(nvm.P4, 16);
        double c = Math.ScaleB(Math.ScaleB(nvm.P3 * a * a, -19) + (nvm.P2 * a), -34);
        double q = (1_048_576.0 - raw - Math.ScaleB(b, -12)) * 6250.0 / (nvm.P1 * (1.0 + c));
        return q + ((nvm.P7 + (q * (Math.ScaleB(nvm.P8, -15) + (q * Math.ScaleB(nvm.P9, -31))))) / 16.0);
    }

    /// <summary>Relative humidity before the clamp, which would make the search blind at both ends.</summary>
    internal double Percent(int raw, double fine)
    {
        double k = fine - 76_800.0;
        double above = raw - (64.0 * nvm.H4) - Math.ScaleB(nvm.H5 * k, -14);
        double h = above * Math.ScaleB(nvm.H2, -16) * (1.0 + (Math.ScaleB(nvm.H6 * k, -26) * (1.0 + Math.ScaleB(nvm.H3 * k, -26))));
        return h - Math.ScaleB(nvm.H1 * h * h, -19);
    }

    /// <summary>The raw word whose value comes closest to the wanted one, for a function that rises with the raw word; held at the ends.</summary>
    private static int Nearest(int low, int high, double wanted, Func<int, double> rising)
    {
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (rising(middle) < wanted) { low = middle + 1; } else { high = middle; }
        }

        bool lowerIsCloser = low > 0 && wanted - rising(low - 1) < rising(low) - wanted;
        return lowerIsCloser ? low - 1 : low;
    }
}
