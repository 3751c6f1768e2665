namespace HilRig.BusServer;

/// <summary>One connection as a holder of PWM channels.</summary>
/// <param name="hasLeft">Whether the peer has closed its connection, though nobody has got round to noticing.</param>
internal sealed class PwmPeer(Func<bool> hasLeft)
{
    public bool HasLeft => hasLeft();
}
