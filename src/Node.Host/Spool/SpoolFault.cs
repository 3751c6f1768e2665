namespace Node.Host.Spool;

/// <summary>Why the spool refused or failed.</summary>
internal enum SpoolFault
{
    /// <summary>The file system has no room. Retry after freeing some.</summary>
    DiskFull,

    /// <summary>Another program holds the database. Retry when it is done.</summary>
    Locked,

    /// <summary>Another node has this spool open. A retry helps only after that one has stopped.</summary>
    InUse,

    /// <summary>The file or its folder may not be written. A retry does not help.</summary>
    AccessDenied,

    /// <summary>The device reported an error. A retry may help.</summary>
    InputOutput,

    /// <summary>The file is damaged and was damaged again right after its repair. A retry may help a minute later.</summary>
    Corrupt,

    /// <summary>The file was written by a newer version of this program. A retry does not help.</summary>
    NewerVersion,

    /// <summary>The file is a database of some other program. A retry does not help.</summary>
    Foreign,
}
