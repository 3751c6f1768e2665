namespace Node.Sensors.Bus;

/// <summary>
/// How many bit times a transfer takes on the wires: START, STOP and repeated START one each, and nine for every byte with its acknowledge,
/// the address included. Stretching and the pauses of the controller come on top. Source: NXP UM10204, section 3.1.
/// </summary>
internal static class I2cWireTime
{
    private const int BitsOfByte = 9;

    /// <summary>START, an address that is not acknowledged, STOP.</summary>
    public const int RefusedBits = 1 + BitsOfByte + 1;

    /// <param name="written">Bytes after the address, or −1 when nothing is written.</param>
    /// <param name="read">Bytes after the address, or −1 when nothing is read.</param>
    public static long Bits(int written, int read) => Half(written) + Half(read) + 1;

    private static long Half(int bytes) => bytes < 0 ? 0 : 1 + (BitsOfByte * (1L + bytes));
}
