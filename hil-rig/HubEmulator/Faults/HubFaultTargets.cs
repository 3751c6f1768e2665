namespace HubEmulator;

/// <summary>What a fault of kind <see cref="HubFaultKind.Throttle"/> or <see cref="HubFaultKind.Duplicate"/> hits. The names in parentheses are those of the admin call.</summary>
[Flags]
public enum HubFaultTargets
{
    /// <summary>Everything that the kind can hit.</summary>
    None = 0,

    /// <summary>(<c>twin</c>) Throttles the twin requests of devices over MQTT.</summary>
    Twin = 1,

    /// <summary>(<c>rest</c>) Throttles calls over HTTPS, those of this emulator excepted.</summary>
    Rest = 2,

    /// <summary>(<c>dps</c>) Throttles the provisioning service.</summary>
    Provisioning = 4,

    /// <summary>(<c>c2d</c>) Doubles cloud-to-device messages.</summary>
    Messages = 8,

    /// <summary>(<c>puback</c>) Doubles acknowledgements.</summary>
    Acknowledgements = 16,
}
