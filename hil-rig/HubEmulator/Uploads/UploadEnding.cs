namespace HubEmulator.Uploads;

/// <summary>What becomes of a device's report.</summary>
internal enum UploadEnding
{
    /// <summary>It is taken; the slot is free again.</summary>
    Taken,

    /// <summary>The device was never given this correlation id, or it is long forgotten.</summary>
    Unknown,

    /// <summary>The upload was reported before, or its token has run out.</summary>
    Over,

    /// <summary>A failure with the status of a success.</summary>
    Contradiction,

    /// <summary>Success without a blob.</summary>
    NoBlob,
}
