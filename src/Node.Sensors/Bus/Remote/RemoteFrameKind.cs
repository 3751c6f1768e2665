namespace Node.Sensors.Bus.Remote;

/// <summary>What a frame of the remote bus says; the numbers are those of <c>docs/remote-bus.md</c>, version 1.</summary>
internal enum RemoteFrameKind : byte
{
    Hello = 0x01,
    I2cTransfer = 0x02,
    SpiExchange = 0x03,
    LineRequest = 0x04,
    LineRelease = 0x05,
    LineRead = 0x06,
    LineWrite = 0x07,
    LineState = 0x08,
    WatchEdges = 0x09,
    PwmOpen = 0x0C,
    PwmSet = 0x0D,
    PwmClose = 0x0E,
    Edge = 0x40,
}
