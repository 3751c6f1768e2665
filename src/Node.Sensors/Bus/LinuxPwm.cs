using System.Device.Pwm;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>The kernel's PWM channels: <c>/sys/class/pwm/pwmchipN</c>.</summary>
internal static class LinuxPwm
{
    public static PwmChannel Open(int chip, int channel, int frequency, double dutyCycle)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chip);
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        string folder = string.Create(CultureInfo.InvariantCulture, $"/sys/class/pwm/pwmchip{chip}");
        try
        {
            return PwmChannel.Create(chip, channel, frequency, dutyCycle);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw Unavailable(folder, channel, "may not be opened by this user: add the user to the group gpio (udev gives it the PWM files), in a container run with sysfs writable", failure);
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or PlatformNotSupportedException)
        {
            throw Unavailable(folder, channel, "does not exist or is in use: add dtoverlay=pwm or dtoverlay=pwm-2chan to config.txt and reboot; `ls /sys/class/pwm` lists the chips; or give a Pin, which a timer then switches at up to 100 Hz", failure);
        }
    }

    private static SensorException Unavailable(string folder, int channel, string text, Exception failure) =>
        new(SensorFault.BusUnavailable, string.Create(CultureInfo.InvariantCulture, $"{folder} channel {channel}: {text}."), failure);
}
