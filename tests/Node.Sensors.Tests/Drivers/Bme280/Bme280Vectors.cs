namespace Node.Sensors.Tests.Drivers;

/// <summary>Literal vectors that driver and emulated chip are both held against.</summary>
internal static class Bme280Vectors
{
    /// <summary>T1 27504, T2 26435, T3 −1000; P1 36477, P2 −10685, P3 3024, P4 2855, P5 140, P6 −7, P7 15500, P8 −14600, P9 6000; H1 75.</summary>
    public const string LowBlock = "706B 4367 18FC 7D8E 43D6 D00B 270B 8C00 F9FF 8C3C F8C6 7017 00 4B";

    /// <summary>H2 361, H3 0, H4 324, H5 50, H6 30.</summary>
    public const string HighBlock = "6901 00 14 24 03 1E";

    public static TheoryData<int, int, int, int, int, long, int, double, double, double> Rows => new()
    {
        { 519888, 415148, 30000, 128422, 2508, 25767233, 52162, 25.0825, 100653.2668, 50.9431 },
        { 480000, 400000, 25000, 64342, 1257, 25931631, 24049, 12.5669, 101295.4491, 23.4859 },
        { 415000, 350000, 20000, -40477, -791, 27210030, 0, -7.9056, 106289.2023, 0 },
        { 524288, 524288, 32768, 135479, 2646, 21003398, 67948, 26.4608, 82044.5402, 66.3614 },
        { 519888, 415148, 10000, 128422, 2508, 25767233, 0, 25.0825, 100653.2668, 0 },
        { 519888, 415148, 50000, 128422, 2508, 25767233, 102400, 25.0825, 100653.2668, 100 },
    };

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
