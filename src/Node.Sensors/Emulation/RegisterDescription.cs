namespace Node.Sensors.Emulation;

/// <summary>One register of an emulated chip, of one byte or, where the chip has them, of one word.</summary>
/// <param name="Address">The register's number.</param>
/// <param name="Name">The datasheet's name.</param>
/// <param name="Reset">The value after power-on, once start-up is over.</param>
/// <param name="Access">What a bus may do with it.</param>
/// <param name="WriteMask">The bits that a write changes; the others keep their value.</param>
public sealed record RegisterDescription(byte Address, string Name, ushort Reset, RegisterAccess Access, ushort WriteMask);
