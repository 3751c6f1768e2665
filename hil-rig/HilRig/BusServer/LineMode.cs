using System.Device.Gpio;

namespace HilRig.BusServer;

/// <summary>The numbers by which frames name a line's mode.</summary>
internal static class LineMode
{
    public const byte Input = 0;
    public const byte Output = 1;
    public const byte InputPullDown = 2;
    public const byte InputPullUp = 3;

    /// <summary>Leaves the line as it is.</summary>
    public const byte AsIs = 4;

    public static byte Of(PinMode mode) => mode switch
    {
        PinMode.Output => Output,
        PinMode.InputPullDown => InputPullDown,
        PinMode.InputPullUp => InputPullUp,
        _ => Input,
    };

    public static PinMode ToPinMode(byte mode) => mode switch
    {
        Input => PinMode.Input,
        Output => PinMode.Output,
        InputPullDown => PinMode.InputPullDown,
        InputPullUp => PinMode.InputPullUp,
        _ => throw new WireException($"a line mode {mode}; known are 0 to 4"),
    };
}
