namespace HilRig;

/// <summary>Why the rig gave up; decides the exit code.</summary>
internal enum RigFault
{
    /// <summary>A file, an option or a value that nobody can use as it is: exit code 2.</summary>
    UnusableInput,

    /// <summary>No hub answers where one is expected.</summary>
    HubUnreachable,

    /// <summary>The hub answered with a refusal.</summary>
    HubRefused,

    /// <summary>The node's program was not found or would not start.</summary>
    NodeMissing,

    /// <summary>The node ended by itself.</summary>
    NodeDied,

    /// <summary>Something expected did not happen within its deadline.</summary>
    TimedOut,
}
