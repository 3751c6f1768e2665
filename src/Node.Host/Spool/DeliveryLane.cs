namespace Node.Host.Spool;

/// <summary>The three streams in which messages leave the spool, each oldest first.</summary>
internal enum DeliveryLane
{
    /// <summary>Normal messages up to the boundary that was drawn when the hub came back.</summary>
    Backlog,

    /// <summary>Alarms.</summary>
    Alarm,

    /// <summary>Normal messages stored since: they do not wait behind the backlog.</summary>
    Live,
}
