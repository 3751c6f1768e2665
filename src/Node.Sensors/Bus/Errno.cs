using System.Globalization;
using System.Runtime.InteropServices;

namespace Node.Sensors.Bus;

/// <summary>
/// Turns a failed call of System.Device.Gpio into a <see cref="SensorException"/>. The library throws a bare IOException whose only own
/// mark is a text beginning "Error 121 (...)": the errno, written down at the moment of failure. The thread's last platform-invoke error
/// does not depend on wording, but the runtime's own work on the way to the handler can overwrite it (seen with the first exception of a
/// process), so it is asked only when the text names no number.
/// </summary>
internal static class Errno
{
    public const int NoEntry = 2;
    public const int InputOutput = 5;
    public const int NoSuchDeviceOrAddress = 6;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int NoDevice = 19;
    public const int InvalidArgument = 22;
    public const int NotSupported = 95;
    public const int TimedOut = 110;
    public const int RemoteInputOutput = 121;

    private const string TextBeforeNumber = "Error ";

    /// <summary>Forgets an older errno of this thread. Call it just before the call that may fail.</summary>
    public static void Clear() => Marshal.SetLastPInvokeError(0);

    /// <summary>The errno of the call that has just thrown on this thread, or 0 when nobody knows it.</summary>
    public static int Of(IOException failure)
    {
        int kept = Marshal.GetLastPInvokeError(); // read first: anything else may overwrite it
        int written = FromText(failure.Message);
        return written != 0 ? written : kept;
    }

    public static SensorException DuringTransfer(IOException failure, string place)
    {
        int errno = Of(failure);
        (SensorFault fault, string text) = TransferFault(errno);
        return new SensorException(fault, Compose(place, text, errno), failure);
    }

    /// <summary>SPI has no acknowledge, and the library opens the node at the first transfer, so most errors mean the node or its settings.</summary>
    public static SensorException DuringSpiTransfer(IOException failure, string place)
    {
        int errno = Of(failure);
        (SensorFault fault, string text) = SpiFault(errno);
        return new SensorException(fault, Compose(place, text, errno), failure);
    }

    public static SensorException DuringOpen(IOException failure, string node, string remedy)
    {
        int errno = Of(failure);
        string text = errno switch
        {
            NoEntry or NoSuchDeviceOrAddress or NoDevice => $"does not exist; {remedy}",
            AccessDenied => "may not be opened by this user: add the user to the group that owns the node (i2c, spi or gpio), or map the node into the container",
            _ => $"cannot be opened; {remedy}",
        };
        return new SensorException(SensorFault.BusUnavailable, Compose(node, text, errno), failure);
    }

    private static (SensorFault Fault, string Text) TransferFault(int errno) => errno switch
    {
        RemoteInputOutput or NoSuchDeviceOrAddress => (SensorFault.NoAcknowledge,
            "nothing acknowledges: check power, wiring and the address strap; `sensornode scan` lists what answers"),
        TimedOut => (SensorFault.Timeout,
            "the transfer timed out, so a chip holds the clock line low: power-cycle it, or lower the bus speed (dtparam=i2c_arm_baudrate)"),
        TryAgain => (SensorFault.ArbitrationLost,
            "another master took the bus: check that only one controller drives it"),
        NoEntry or AccessDenied or NoDevice => (SensorFault.BusUnavailable,
            "the bus cannot be opened: enable it in config.txt (dtparam=i2c_arm=on or dtparam=spi=on) and give this user, or the container's `devices:`, its node"),
        NotSupported => (SensorFault.BusUnavailable,
            "the adapter cannot do plain transfers: use the Pi's own I2C pins or another adapter"),
        _ => (SensorFault.BusFailure,
            "the transfer failed: check the wiring, the pull-up resistors and the cable's length"),
    };

    private static (SensorFault Fault, string Text) SpiFault(int errno) => errno switch
    {
        NoEntry or NoSuchDeviceOrAddress or NoDevice => (SensorFault.BusUnavailable,
            "the chip select does not exist: enable the bus in config.txt (dtparam=spi=on) and list its /dev/spidev node under the container's `devices:`"),
        AccessDenied => (SensorFault.BusUnavailable,
            "the node may not be opened by this user: add the user to the group spi, or map the node into the container"),
        InvalidArgument or NotSupported => (SensorFault.BusUnavailable,
            "the controller refuses the mode, the clock or the word length: use 8-bit words and a clock that it can divide down to"),
        TimedOut => (SensorFault.Timeout,
            "the controller did not finish the transfer: lower the clock, and reboot if that does not help"),
        _ => (SensorFault.BusFailure,
            "the transfer failed: check that no other program uses the bus"),
    };

    private static string Compose(string place, string text, int errno) =>
        errno == 0 ? $"{place}: {text}." : string.Create(CultureInfo.InvariantCulture, $"{place}: {text} (errno {errno}).");

    private static int FromText(string message)
    {
        if (!message.StartsWith(TextBeforeNumber, StringComparison.Ordinal)) { return 0; }

        ReadOnlySpan<char> rest = message.AsSpan(TextBeforeNumber.Length);
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> number = digits < 0 ? rest : rest[..digits];
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int errno) ? errno : 0;
    }
}
