using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Emulation;

/// <summary>The board's PWM outputs: chips 0 to 3 with channels 0 to 3 each. Outputs keep their state while programs come and go.</summary>
public sealed class EmulatedPwmChips
{
    /// <summary>How many chips there are.</summary>
    public const int ChipCount = 4;

    /// <summary>How many channels a chip has.</summary>
    public const int ChannelCount = 4;

    private readonly EmulatedPwmOutput[] _outputs =
        [.. Enumerable.Range(0, ChipCount * ChannelCount).Select(static i => new EmulatedPwmOutput(Name(i / ChannelCount, i % ChannelCount)))];

    /// <summary>One output.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Chip or channel is outside 0 to 3.</exception>
    public EmulatedPwmOutput Output(int chip, int channel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chip);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chip, ChipCount);
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(channel, ChannelCount);
        return _outputs[(chip * ChannelCount) + channel];
    }

    internal EmulatedPwmChannel Open(int chip, int channel, int frequency, double dutyCycle) => chip is >= 0 and < ChipCount && channel is >= 0 and < ChannelCount
        ? new EmulatedPwmChannel(Output(chip, channel), frequency, dutyCycle)
        : throw new SensorException(SensorFault.BusUnavailable, $"{Name(chip, channel)} does not exist: the emulated board has chips 0 to 3 with channels 0 to 3.");

    private static string Name(int chip, int channel) => string.Create(CultureInfo.InvariantCulture, $"/sys/class/pwm/pwmchip{chip}/pwm{channel}");
}
