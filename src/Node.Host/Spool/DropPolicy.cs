namespace Node.Host.Spool;

/// <summary>Which normal messages make room when the capacity is reached. Alarms go only when nothing else is left.</summary>
internal enum DropPolicy
{
    /// <summary>The oldest: what is left is the end of an outage. <c>drop_old</c>.</summary>
    DropOld,

    /// <summary>The newest: what is left is the beginning of an outage. <c>drop_new</c>.</summary>
    DropNew,

    /// <summary>Every second one of each sensor, from the oldest on, again and again: what is left covers the whole outage, ever more coarsely. <c>downsample</c>.</summary>
    Downsample,
}
