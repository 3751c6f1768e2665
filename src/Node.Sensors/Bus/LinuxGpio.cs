using System.Device.Gpio;
using System.Device.Gpio.Drivers;

namespace Node.Sensors.Bus;

/// <summary>
/// Finds the GPIO chip of the 40-pin header by its label and the installed libgpiod by trying version 2 before version 1. The library's
/// own choice is not used: inside a container it decides by the host's /proc/cpuinfo, and on a Pi 5 it tries version 1 only.
/// </summary>
internal static class LinuxGpio
{
    /// <summary>Labels of the header's chip: Pi 5; Pi 4, 400 and CM4; Pi 3, Zero 2 W and older.</summary>
    private static readonly string[] HeaderChipLabels = ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2837", "pinctrl-bcm2835"];

    public static GpioController Open()
    {
        if (Directory.GetFiles("/dev", "gpiochip*").Length == 0)
        {
            throw Unavailable("no /dev/gpiochip* exists: run on a Raspberry Pi, or list /dev/gpiochip0 under the container's `devices:`", null);
        }

        try
        {
            return new GpioController(OpenVersion2());
        }
        catch (Exception failure) when (IsLibraryAbsent(failure))
        {
            return OpenVersion1();
        }
        catch (IOException failure)
        {
            throw Unavailable("the GPIO chip cannot be opened: add the user to the group gpio, or map /dev/gpiochip0 into the container", failure);
        }
    }

    /// <summary>The header's chip among those of the machine, or <see langword="null"/>.</summary>
    internal static GpioChipInfo? FindHeaderChip(IEnumerable<GpioChipInfo> chips) =>
        chips.FirstOrDefault(static chip => HeaderChipLabels.Contains(chip.Label, StringComparer.Ordinal));

    private static LibGpiodV2Driver OpenVersion2() => new(RequireHeaderChip(LibGpiodV2Driver.GetAvailableChips()));

    private static GpioController OpenVersion1()
    {
        try
        {
            return new GpioController(new LibGpiodDriver(RequireHeaderChip(LibGpiodDriver.GetAvailableChips())));
        }
        catch (Exception failure) when (IsLibraryAbsent(failure))
        {
            throw Unavailable("libgpiod is not installed: install the package libgpiod3 (or libgpiod2 on older systems), in the container's image too", failure);
        }
        catch (IOException failure)
        {
            throw Unavailable("the GPIO chip cannot be opened: add the user to the group gpio, or map /dev/gpiochip0 into the container", failure);
        }
    }

    private static GpioChipInfo RequireHeaderChip(IList<GpioChipInfo> chips) => FindHeaderChip(chips)
        ?? throw Unavailable(
            $"none of the machine's chips ({string.Join(", ", chips.Select(static chip => chip.Label))}) is a Raspberry Pi header "
            + $"({string.Join(", ", HeaderChipLabels)}): map the header's /dev/gpiochipN into the container", null);

    /// <summary>The library reports its absence in several dresses: bare, as a failed type initialiser, or wrapped by its version 2 proxy.</summary>
    private static bool IsLibraryAbsent(Exception? failure) => failure switch
    {
        null => false,
        DllNotFoundException or EntryPointNotFoundException or PlatformNotSupportedException => true,
        _ => IsLibraryAbsent(failure.InnerException),
    };

    private static SensorException Unavailable(string text, Exception? failure) => new(SensorFault.BusUnavailable, $"GPIO: {text}.", failure);
}
