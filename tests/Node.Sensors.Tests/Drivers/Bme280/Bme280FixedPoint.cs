using Node.Sensors.Drivers;

namespace Node.Sensors.Tests.Drivers;

/// <summary>The datasheet's integer formulas (section 4.2.3), which neither the driver nor the emulated chip uses: a third opinion on both.</summary>
internal static class Bme280FixedPoint
{
    public static int TFine(Bme280Calibration k, int ut)
    {
        int first = (((ut >> 3) - (2 * k.T1)) * k.T2) >> 11;
        int offset = (ut >> 4) - k.T1;
        return first + ((((offset * offset) >> 12) * k.T3) >> 14);
    }

    public static int HundredthsCelsius(int tFine) => ((5 * tFine) + 128) >> 8;

    public static long PascalsTimes256(Bme280Calibration k, int up, int tFine)
    {
        long a = tFine - 128_000L;
        long b = (a * a * k.P6) + (a * k.P5 * (1L << 17)) + (k.P4 * (1L << 35));
        long c = ((a * a * k.P3) >> 8) + (a * k.P2 * (1L << 12));
        long d = (((1L << 47) + c) * k.P1) >> 33;
        long q = ((((1L << 20) - up) * (1L << 31)) - b) * 3125 / d;
        long square = (k.P9 * (q >> 13) * (q >> 13)) >> 25;
        return ((q + square + ((k.P8 * q) >> 19)) >> 8) + (k.P7 * 16L);
    }

    public static int PercentTimes1024(Bme280Calibration k, int uh, int tFine)
    {
        int t = tFine - 76_800;
        int m = ((uh << 14) - (k.H4 << 20) - (k.H5 * t) + 16_384) >> 15;
        int n = (((((t * k.H6) >> 10) * (((t * k.H3) >> 11) + 32_768)) >> 10) + 2_097_152);
        int r = m * (((n * k.H2) + 8_192) >> 14);
        r -= ((((r >> 15) * (r >> 15)) >> 7) * k.H1) >> 4;
        return Math.Clamp(r, 0, 419_430_400) >> 12;
    }
}
