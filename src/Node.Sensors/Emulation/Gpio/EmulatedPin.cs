using System.Device.Gpio;

namespace Node.Sensors.Emulation;

/// <summary>The electrical state of one line.</summary>
internal sealed class EmulatedPin
{
    public bool IsOpen { get; set; }

    public PinMode Mode { get; set; } = PinMode.Input;

    /// <summary>What the output stage drives, or will drive when the line becomes an output.</summary>
    public PinValue Latch { get; set; } = PinValue.Low;

    /// <summary>What a source outside applies through a resistor: an input follows it and an output does not.</summary>
    public PinValue? Drive { get; set; }

    /// <summary>A hard connection to ground or supply, stronger than everything.</summary>
    public PinValue? Short { get; set; }

    /// <summary>The level on the line. An input with neither source nor bias reads low, so that runs repeat.</summary>
    public PinValue Level => Short ?? Mode switch
    {
        PinMode.Output => Latch,
        PinMode.InputPullUp => Drive ?? PinValue.High,
        _ => Drive ?? PinValue.Low,
    };
}
