namespace HilRig.BusServer;

/// <summary>What happened to a line's state; the numbers are those of Linux.</summary>
internal enum LineChange : byte
{
    Requested = 1,
    Released = 2,
    Reconfigured = 3,
}
