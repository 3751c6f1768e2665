namespace Node.Host.Upload;

/// <summary>Why normal readings wait in the spool although the hub is there.</summary>
internal enum UploadHold
{
    /// <summary>They do not.</summary>
    None,

    /// <summary>The upload window is closed.</summary>
    Window,

    /// <summary>The day's budget is spent.</summary>
    Budget,
}
