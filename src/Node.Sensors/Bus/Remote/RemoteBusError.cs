using System.Globalization;
using System.Runtime.InteropServices;

namespace Node.Sensors.Bus.Remote;

/// <summary>
/// The failures of a remote bus as the callers of System.Device.Gpio know them: a chip's error looks like the kernel's, text and last error
/// included, and a lost link is a <see cref="SensorException"/> that says so.
/// </summary>
internal static class RemoteBusError
{
    public static IOException Transfer(int errno, string what, string told)
    {
        string message = string.Create(CultureInfo.InvariantCulture, $"Error {errno} ({Marshal.GetPInvokeErrorMessage(errno)}) {what}: {told}");
        Marshal.SetLastPInvokeError(errno);
        return new IOException(message);
    }

    public static SensorException Link(RemoteLinkException failure) =>
        new(failure.IsRefusal ? SensorFault.BusUnavailable : SensorFault.BusFailure, failure.Message, failure);
}
