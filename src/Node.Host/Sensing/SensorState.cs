namespace Node.Host.Sensing;

/// <summary>How a sensor fares.</summary>
internal enum SensorState
{
    /// <summary>Not measured yet.</summary>
    Starting,

    /// <summary>The last measurement succeeded.</summary>
    Ok,

    /// <summary>The last measurement failed, or the last two; retried with growing pauses.</summary>
    Degraded,

    /// <summary>At least three measurements in a row failed; retried with growing pauses.</summary>
    Failed,

    /// <summary>It could not be read at the start and is left alone, as configured.</summary>
    Ignored,
}
