namespace Node.Sensors.Emulation;

/// <summary>One command of an emulated chip that has no registers.</summary>
/// <param name="Code">The code that is written.</param>
/// <param name="Name">What the datasheet calls it.</param>
/// <param name="ArgumentWords">How many words must follow the code.</param>
/// <param name="ResponseWords">How many words can be read afterwards.</param>
/// <param name="WhileMeasuring">Whether the chip obeys it while it measures by its own clock.</param>
public sealed record CommandDescription(int Code, string Name, int ArgumentWords, int ResponseWords, bool WhileMeasuring);
