namespace HilRig.Checks;

/// <summary>One graceful stop of the node: from SIGTERM until its process was gone. Killed when it did not end in time.</summary>
internal sealed record NodeStop(TimeSpan At, TimeSpan Took, int ExitCode, bool WasKilled);
