namespace Node.Sensors.Emulation;

/// <summary>
/// The factory memory of one emulated BME280: calibration words near those of real units, drawn from the unit's seed. No word is zero, so
/// that a swapped word shows. H5 is negative in one unit of four, so that a lost sign shows, and not in every unit, because popular drivers of
/// others lose it: those read the rest of the units right. H3 is small, as in real units, where it is mostly 0: the vendor's own code in
/// floating point, and what was written after it, takes one factor with H3 more than the datasheet's formula, which at room temperature
/// makes less than a tenth of a percent. Packing: BME280 datasheet, section 4.2.2, table 16.
/// </summary>
internal sealed record Bme280Nvm(
    int T1, int T2, int T3, int P1, int P2, int P3, int P4, int P5, int P6, int P7, int P8, int P9, int H1, int H2, int H3, int H4, int H5, int H6)
{
    public static Bme280Nvm Draw(int seed)
    {
        Random random = new(seed);
        int Near(int centre, int spread) => centre + random.Next(-spread, spread + 1);
        return new Bme280Nvm(
            T1: Near(27_500, 600), T2: Near(26_430, 300), T3: Near(-1_000, 200),
            P1: Near(36_480, 300), P2: Near(-10_685, 60), P3: Near(3_024, 20), P4: Near(2_855, 900), P5: Near(140, 60), P6: Near(-7, 3),
            P7: Near(15_500, 200), P8: Near(-14_600, 200), P9: Near(6_000, 100),
            H1: Near(75, 5), H2: Near(361, 12), H3: random.Next(1, 3), H4: Near(324, 25),
            H5: Near(26, 25) * (random.Next(4) == 0 ? -1 : 1), H6: Near(30, 2));
    }

    /// <summary>Registers 0x88 to 0xA1. Between P9 and H1 lies one register that means nothing.</summary>
    public byte[] LowBlock()
    {
        int[] words = [T1, T2, T3, P1, P2, P3, P4, P5, P6, P7, P8, P9];
        return [.. words.SelectMany(static word => new[] { (byte)word, (byte)(word >> 8) }), 0x00, (byte)H1];
    }

    /// <summary>Registers 0xE1 to 0xE7. H4 and H5 share the middle register: low nibble of H4 below, low nibble of H5 above.</summary>
    public byte[] HighBlock() =>
    [
        (byte)H2, (byte)(H2 >> 8), (byte)H3,
        (byte)(H4 >> 4), (byte)((H4 & 0x0F) | ((H5 & 0x0F) << 4)), (byte)(H5 >> 4),
        (byte)H6,
    ];
}
