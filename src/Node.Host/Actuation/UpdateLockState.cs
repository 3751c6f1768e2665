namespace Node.Host.Actuation;

/// <summary>Whether an update may come.</summary>
internal enum UpdateLockState
{
    /// <summary>Nobody updates this node by such a lock.</summary>
    None,

    /// <summary>An update may come.</summary>
    Free,

    /// <summary>This process holds updates up.</summary>
    Held,

    /// <summary>Held for as long as may be, and given up although something still works.</summary>
    Expired,

    /// <summary>Wanted, and not to be had.</summary>
    Refused,
}
