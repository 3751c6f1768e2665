namespace Node.Host.Configuration;

/// <summary>What it means when a sensor cannot be read at the start.</summary>
internal enum StartupBehaviour
{
    /// <summary>It is at fault and retried like any other.</summary>
    Retry,

    /// <summary>It is left alone until it is enabled anew or the node restarts: for a chip that not every device has.</summary>
    Ignore,

    /// <summary>The node does not start.</summary>
    Error,
}
