namespace HilRig;

/// <summary>A failure with a text for people: what is wrong and what to do next, in one line.</summary>
internal sealed class RigException(RigFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public RigFault Fault { get; } = fault;

    public int ExitCode => Fault == RigFault.UnusableInput ? ExitCodes.Unusable : ExitCodes.Failed;
}
