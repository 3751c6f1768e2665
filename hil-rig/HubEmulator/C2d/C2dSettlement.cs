namespace HubEmulator.C2d;

/// <summary>What a device that has locked a message makes of it; over MQTT it can only complete one.</summary>
internal enum C2dSettlement
{
    /// <summary>It is done with it.</summary>
    Complete,

    /// <summary>It will not have it.</summary>
    Reject,

    /// <summary>It gives it back, at most <see cref="C2dQueue.MostDeliveries"/> times.</summary>
    Abandon,
}
