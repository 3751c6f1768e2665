using System.Globalization;
using System.Text.RegularExpressions;
using Node.Sensors.Bus;

namespace HilRig.BusServer;

/// <summary>The error numbers of Linux that answers carry, and how a failure of a device of System.Device.Gpio becomes one.</summary>
internal static partial class WireErrno
{
    public const int NoEntry = 2;
    public const int InputOutput = 5;
    public const int Busy = 16;
    public const int InvalidArgument = 22;
    public const int NotPermitted = 1;
    public const int MessageTooLong = 90;
    public const int ProtocolNotSupported = 93;
    public const int NotSupported = 95;
    public const int RemoteInputOutput = 121;

    public static int Of(Exception failure) => failure switch
    {
        IOException told => Written(told.Message),
        SensorException { InnerException: IOException told } => Written(told.Message),
        SensorException { Fault: SensorFault.BusUnavailable } => NoEntry,
        ArgumentException => InvalidArgument,
        InvalidOperationException => NotPermitted,
        _ => InputOutput,
    };

    private static int Written(string message) =>
        NumberInText().Match(message) is { Success: true } found ? int.Parse(found.Groups["errno"].ValueSpan, CultureInfo.InvariantCulture) : InputOutput;

    [GeneratedRegex(@"[Ee]rror:? (?<errno>[0-9]{1,3}) \(", RegexOptions.ExplicitCapture)]
    private static partial Regex NumberInText();
}
