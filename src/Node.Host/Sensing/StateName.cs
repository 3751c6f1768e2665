namespace Node.Host.Sensing;

/// <summary>How a sensor's state is written in the twin and in the status: <c>starting</c>, <c>ok</c>, <c>fault</c>.</summary>
internal static class StateName
{
    public static string Of(SensorState state) => state switch
    {
        SensorState.Ok => "ok",
        SensorState.Fault => "fault",
        _ => "starting",
    };
}
