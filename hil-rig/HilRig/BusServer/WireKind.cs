namespace HilRig.BusServer;

/// <summary>The kinds of frames of the remote bus, version 1: <c>docs/remote-bus.md</c>. An answer's kind is its request's with the highest bit set.</summary>
internal static class WireKind
{
    public const byte Hello = 0x01;
    public const byte I2cTransfer = 0x02;
    public const byte SpiExchange = 0x03;
    public const byte LineRequest = 0x04;
    public const byte LineRelease = 0x05;
    public const byte LineRead = 0x06;
    public const byte LineWrite = 0x07;
    public const byte LineState = 0x08;
    public const byte WatchEdges = 0x09;
    public const byte WatchLines = 0x0A;
    public const byte Time = 0x0B;
    public const byte PwmOpen = 0x0C;
    public const byte PwmSet = 0x0D;
    public const byte PwmClose = 0x0E;

    /// <summary>Told without having been asked for, after <see cref="WatchEdges"/>.</summary>
    public const byte Edge = 0x40;

    /// <summary>Told without having been asked for, after <see cref="WatchLines"/>.</summary>
    public const byte LineChanged = 0x41;

    public const byte Answer = 0x80;
}
