using System.Globalization;
using System.Runtime.InteropServices;

namespace Node.Sensors.Emulation;

/// <summary>
/// The exceptions of System.Device.Gpio on Linux, as the emulated devices throw them: a plain IOException with the errno and its system
/// text in the message, and the errno left behind as the thread's last platform-invoke error.
/// </summary>
internal static class EmulatedBusError
{
    public const int NoSuchFile = 2;
    public const int Busy = 16;
    public const int InvalidArgument = 22;
    public const int MessageTooLong = 90;
    public const int RemoteInputOutput = 121;

    public static IOException Transfer(int errno) => Create(errno, " performing I2C data transfer.");

    public static IOException NoBus(string node) => Create(NoSuchFile, $". Can not open I2C device file '{node}'.");

    public static IOException SpiTransfer(int errno) => Create(errno, " performing SPI data transfer.");

    public static IOException NoSpiBus(string node) => Create(NoSuchFile, $". Can not open SPI device file '{node}'.");

    /// <summary>The kernel refused one setting: <paramref name="what"/> names it and its value.</summary>
    public static IOException SpiSetting(string what) => Create(InvalidArgument, $". Can not set SPI {what}.");

    public static IOException PinBusy(int pin)
    {
        Marshal.SetLastPInvokeError(Busy);
        return new IOException(string.Create(CultureInfo.InvariantCulture, $"Pin {pin} not available, error: {Text(Busy)}"));
    }

    private static IOException Create(int errno, string rest)
    {
        string message = $"Error {Text(errno)}{rest}";
        Marshal.SetLastPInvokeError(errno);
        return new IOException(message);
    }

    private static string Text(int errno) =>
        string.Create(CultureInfo.InvariantCulture, $"{errno} ({Marshal.GetPInvokeErrorMessage(errno)})");
}
