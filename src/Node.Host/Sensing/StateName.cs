namespace Node.Host.Sensing;

/// <summary>How a sensor's state is written in the twin and in the status: <c>starting</c>, <c>ok</c>, <c>degraded</c>, <c>failed</c>, <c>ignored</c>.</summary>
internal static class StateName
{
    public static string Of(SensorState state) => state switch
    {
        SensorState.Ok => "ok",
        SensorState.Degraded => "degraded",
        SensorState.Failed => "failed",
        SensorState.Ignored => "ignored",
        _ => "starting",
    };
}
