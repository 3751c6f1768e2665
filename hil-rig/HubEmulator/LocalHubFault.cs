namespace HubEmulator;

/// <summary>Why a local hub cannot start.</summary>
public enum LocalHubFault
{
    /// <summary>An option is out of its range or its form is wrong.</summary>
    InvalidOption,

    /// <summary>Another program holds a port.</summary>
    PortInUse,

    /// <summary>The system does not let this user open a port, or does not have the address.</summary>
    PortNotPermitted,

    /// <summary>The data folder, or a file in it, cannot be read or written.</summary>
    DataFolderUnusable,
}
