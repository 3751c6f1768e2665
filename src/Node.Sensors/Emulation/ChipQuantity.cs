namespace Node.Sensors.Emulation;

/// <summary>What an emulated chip measures and how finely, by the word formats of its datasheet.</summary>
/// <param name="Name">The quantity by its name in <see cref="AmbientQuantity"/>, whose unit the numbers have.</param>
/// <param name="Minimum">The lowest value that its words can show, whatever its settings.</param>
/// <param name="Maximum">The highest value that its words can show, whatever its settings.</param>
/// <param name="Step">What one step of its words is, with the coarsest setting that this range needs.</param>
internal sealed record ChipQuantity(string Name, double Minimum, double Maximum, double Step);
