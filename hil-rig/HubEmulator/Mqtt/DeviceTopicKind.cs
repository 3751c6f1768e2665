namespace HubEmulator.Mqtt;

/// <summary>What a device may publish.</summary>
internal enum DeviceTopicKind
{
    /// <summary>None of the topics that this hub serves.</summary>
    None,

    /// <summary>Telemetry.</summary>
    Events,

    /// <summary>The wish to read the twin.</summary>
    TwinGet,

    /// <summary>A patch of reported properties.</summary>
    TwinReport,

    /// <summary>The answer to a direct method.</summary>
    MethodAnswer,
}
