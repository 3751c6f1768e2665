namespace Node.Sensors.Emulation;

/// <summary>One sample of the three axes as 16-bit words of the data registers.</summary>
internal readonly record struct Adxl345Sample(ushort X, ushort Y, ushort Z)
{
    /// <summary>The data registers from DATAX0 to DATAZ1: low bytes first.</summary>
    /// <param name="offset">0 to 5.</param>
    public byte ByteAt(int offset)
    {
        int word = (offset >> 1) switch
        {
            0 => X,
            1 => Y,
            _ => Z,
        };
        return (byte)((offset & 1) == 0 ? word : word >> 8);
    }
}
