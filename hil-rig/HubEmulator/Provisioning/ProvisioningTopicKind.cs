namespace HubEmulator.Provisioning;

/// <summary>What a registering device may publish.</summary>
internal enum ProvisioningTopicKind
{
    /// <summary>None of the topics that the provisioning service serves.</summary>
    None,

    /// <summary>The wish to be assigned to a hub.</summary>
    Register,

    /// <summary>The question how far the assignment has got.</summary>
    Poll,
}
