using System.Device.Gpio;
using System.Globalization;

namespace Node.Sensors.Bus.Remote;

/// <summary>The requests for lines over one connection: taken, given back, read, written. A lost connection takes every line with it.</summary>
/// <param name="options">How the other end is reached.</param>
/// <param name="connected">Called with each new connection, before the request that made it.</param>
internal sealed class RemoteLines(RemoteBusOptions options, Action connected) : IDisposable
{
    private const byte ModeAsIs = 4;
    private const byte NoLevel = 2;
    private const string Consumer = "sensornode";
    private readonly RemoteLink _link = new(options) { Connected = connected };

    /// <summary>Takes a line with the mode and level that the pin must have, or changes those of one that is held.</summary>
    /// <exception cref="IOException">The other end refuses; another program has the line.</exception>
    /// <exception cref="RemoteLinkException">The other end was not reached.</exception>
    public void Hold(int number, RemotePin pin)
    {
        pin.IsHeld = false;
        (int errno, string text) = TryHold(number, pin);
        Require(number, errno, text);
    }

    /// <summary>As <see cref="Hold"/>.</summary>
    /// <returns>The error number of Linux with its text, or 0.</returns>
    public (int Errno, string Text) TryHold(int number, RemotePin pin)
    {
        (int errno, string text) = _link.Request(
            RemoteFrameKind.LineRequest, frame => frame.Word(number).Byte(ModeNumber(pin.Mode)).Byte(LevelNumber(pin.Level)).DoubleWord(0).Text(Consumer));
        pin.IsHeld = errno == 0;
        return (errno, text);
    }

    /// <summary>Gives a line back. One that is not held is nothing to the other end.</summary>
    /// <exception cref="RemoteLinkException">The other end was not reached.</exception>
    public void Release(int number) => _link.Request(RemoteFrameKind.LineRelease, frame => frame.Word(number));

    public PinMode ModeOf(int number) => Ask(number, RemoteFrameKind.LineState, frame => frame.Word(number)) switch
    {
        1 => PinMode.Output,
        2 => PinMode.InputPullDown,
        3 => PinMode.InputPullUp,
        _ => PinMode.Input,
    };

    public PinValue Read(int number) => Ask(number, RemoteFrameKind.LineRead, frame => frame.Byte(1).Word(number)) != 0;

    public void Write(int number, PinValue value)
    {
        (int errno, string text) = _link.Request(RemoteFrameKind.LineWrite, frame => frame.Byte(1).Word(number).Byte(value == PinValue.High ? (byte)1 : (byte)0));
        Require(number, errno, text);
    }

    public void Dispose() => _link.Dispose();

    private static byte ModeNumber(PinMode? mode) => mode switch
    {
        null => ModeAsIs,
        PinMode.Output => 1,
        PinMode.InputPullDown => 2,
        PinMode.InputPullUp => 3,
        _ => 0,
    };

    private static byte LevelNumber(PinValue? level) => level is { } known ? (known == PinValue.High ? (byte)1 : (byte)0) : NoLevel;

    private static void Require(int number, int errno, string text)
    {
        if (errno != 0) { throw RemoteBusError.Transfer(errno, string.Create(CultureInfo.InvariantCulture, $"at pin {number}"), text); }
    }

    /// <summary>The first byte of the answer.</summary>
    private byte Ask(int number, RemoteFrameKind kind, RemoteLink.Write write)
    {
        byte first = 0;
        (int errno, string text) = _link.Request(kind, write, (ref answer) => first = answer.Byte());
        Require(number, errno, text);
        return first;
    }
}
