namespace Node.Host.Sensing;

/// <summary>How a sensor fares.</summary>
internal enum SensorState
{
    /// <summary>Not measured yet.</summary>
    Starting,

    /// <summary>The last measurement succeeded.</summary>
    Ok,

    /// <summary>The last measurement failed; retried with growing pauses.</summary>
    Fault,
}
