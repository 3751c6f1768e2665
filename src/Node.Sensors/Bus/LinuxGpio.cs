using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using Node.Sensors.Bus.Gpio;

namespace Node.Sensors.Bus;

/// <summary>
/// Finds the GPIO chip of the 40-pin header by its label and opens it through the kernel's character device; where the kernel is older
/// than 5.10, through the installed libgpiod, version 2 before version 1. The library's own choice is not used: inside a container it
/// decides by the host's /proc/cpuinfo, and on a Pi 5 it tries libgpiod 1 only.
/// </summary>
internal static class LinuxGpio
{
    private const int HighestChip = 31;
    private const int AccessDenied = 13;

    /// <summary>Labels of the header's chip: Pi 5; Pi 4, 400 and CM4; Pi 3, Zero 2 W and older.</summary>
    private static readonly string[] HeaderChipLabels = ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2837", "pinctrl-bcm2835"];

    /// <summary>Opens the chip.</summary>
    /// <param name="wanted">A chip's label or device node; <see langword="null"/> for the header's.</param>
    /// <param name="kernel">The system calls.</param>
    /// <exception cref="SensorException">There is no such chip, or it may not be opened.</exception>
    public static GpioController Open(string? wanted, IKernel kernel)
    {
        LineChip chip = FindChip(wanted, kernel);
        if (chip.SpeaksVersion2) { return new GpioController(new CharacterDeviceDriver(kernel, chip)); }

        string label = chip.Label;
        chip.Dispose();
        return OpenLibrary(label);
    }

    private static LineChip FindChip(string? wanted, IKernel kernel)
    {
        var seen = new List<string>();
        bool denied = false;
        string[] paths = wanted is ['/', ..] ? [wanted] : [.. Enumerable.Range(0, HighestChip + 1).Select(static i => $"/dev/gpiochip{i}")];
        foreach (string path in paths)
        {
            LineChip? chip = LineChip.TryOpen(kernel, path, out int errno);
            denied |= errno == AccessDenied;
            if (chip is null) { continue; }

            bool fits = wanted is null ? HeaderChipLabels.Contains(chip.Label, StringComparer.Ordinal) : wanted == path || wanted == chip.Label;
            if (fits) { return chip; }

            seen.Add($"{chip.Label} ({path})");
            chip.Dispose();
        }

        throw Unavailable(Missing(wanted, seen, denied), null);
    }

    private static string Missing(string? wanted, List<string> seen, bool denied) =>
        denied ? "the GPIO chip may not be opened by this user: add the user to the group gpio, or map /dev/gpiochip0 into the container"
        : seen.Count == 0 && wanted is ['/', ..] ? $"{wanted} does not exist or is no GPIO chip: correct Node:Bus:GpioChip, or list the node under the container's `devices:`"
        : seen.Count == 0 ? "no /dev/gpiochip* exists: run on a Raspberry Pi, or list /dev/gpiochip0 under the container's `devices:`"
        : wanted is not null ? $"no chip has the label '{wanted}'; there are {string.Join(", ", seen)}: correct Node:Bus:GpioChip"
        : $"none of the machine's chips ({string.Join(", ", seen)}) is a Raspberry Pi header ({string.Join(", ", HeaderChipLabels)}): "
            + "map the header's /dev/gpiochipN into the container, or name a chip in Node:Bus:GpioChip";

    private static GpioController OpenLibrary(string label)
    {
        try
        {
            return new GpioController(new LibGpiodV2Driver(RequireChip(LibGpiodV2Driver.GetAvailableChips(), label)));
        }
        catch (Exception failure) when (IsLibraryAbsent(failure))
        {
            return OpenVersion1(label);
        }
        catch (IOException failure)
        {
            throw Unavailable("the GPIO chip cannot be opened: add the user to the group gpio, or map /dev/gpiochip0 into the container", failure);
        }
    }

    private static GpioController OpenVersion1(string label)
    {
        try
        {
            return new GpioController(new LibGpiodDriver(RequireChip(LibGpiodDriver.GetAvailableChips(), label)));
        }
        catch (Exception failure) when (IsLibraryAbsent(failure))
        {
            throw Unavailable("this kernel is older than 5.10, and libgpiod is not installed: install the package libgpiod3 (or libgpiod2 on older systems), in the container's image too", failure);
        }
        catch (IOException failure)
        {
            throw Unavailable("the GPIO chip cannot be opened: add the user to the group gpio, or map /dev/gpiochip0 into the container", failure);
        }
    }

    private static GpioChipInfo RequireChip(IList<GpioChipInfo> chips, string label) => chips.FirstOrDefault(chip => chip.Label == label)
        ?? throw Unavailable($"libgpiod does not find the chip '{label}', only {string.Join(", ", chips.Select(static chip => chip.Label))}", null);

    /// <summary>The library reports its absence in several dresses: bare, as a failed type initialiser, or wrapped by its version 2 proxy.</summary>
    private static bool IsLibraryAbsent(Exception? failure) => failure switch
    {
        null => false,
        DllNotFoundException or EntryPointNotFoundException or PlatformNotSupportedException => true,
        _ => IsLibraryAbsent(failure.InnerException),
    };

    private static SensorException Unavailable(string text, Exception? failure) => new(SensorFault.BusUnavailable, $"GPIO: {text}.", failure);
}
