using System.Diagnostics;

namespace HilRig.Tests.Shim;

/// <summary>The tools of libgpiod 1 and 2 take their arguments differently.</summary>
internal static class GpioTools
{
    /// <summary>How the chip is named: by its place in version 1, by an option in version 2.</summary>
    public static string[] Chip(string tool) => IsFirst(tool) ? ["gpiochip0"] : ["-c", "gpiochip0"];

    public static bool IsFirst(string tool)
    {
        using Process process = Process.Start(new ProcessStartInfo(tool, ["--version"]) { RedirectStandardOutput = true })!;
        bool isFirst = process.StandardOutput.ReadToEnd().Contains(" v1.", StringComparison.Ordinal);
        process.WaitForExit();
        return isFirst;
    }
}
