namespace Node.Sensors.Emulation;

/// <summary>What an emulated BH1750 measures with. Source: BH1750FVI technical note, measurement mode explanation.</summary>
internal enum Bh1750Mode
{
    Low,
    High,
    High2,
}
