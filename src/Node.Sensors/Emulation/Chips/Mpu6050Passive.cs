namespace Node.Sensors.Emulation;

/// <summary>
/// The registers of an emulated MPU-6050 that only store or only show: factory trims and the auxiliary bus. Source: register
/// map RM-MPU-6000A revision 4.2, section 3.
/// </summary>
internal static class Mpu6050Passive
{
    public static void Describe(RegisterMap registers, ReadOnlySpan<byte> trims)
    {
        for (int i = 0; i < trims.Length; i++) { registers.Add((byte)(0x0D + i), $"SELF_TEST_{"XYZA"[i]}", reset: trims[i], writeMask: i == 3 ? (byte)0x3F : (byte)0xFF); }

        for (byte address = 0x24; address <= 0x34; address++) { registers.Add(address, $"I2C_MST[{address - 0x24}]"); }

        registers.Add(0x35, "I2C_SLV4_DI", access: RegisterAccess.ReadOnly);
        registers.Add(0x36, "I2C_MST_STATUS", access: RegisterAccess.ReadOnly);
        registers.AddBlock(0x49, "EXT_SENS_DATA", new byte[24], static _ => 0);
        for (byte address = 0x63; address <= 0x66; address++) { registers.Add(address, $"I2C_SLV{address - 0x63}_DO"); }

        registers.Add(0x67, "I2C_MST_DELAY_CTRL", writeMask: 0x9F);
        registers.Add(0x68, "SIGNAL_PATH_RESET", access: RegisterAccess.WriteOnly, writeMask: 0x07);
    }
}
