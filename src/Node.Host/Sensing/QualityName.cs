namespace Node.Host.Sensing;

/// <summary>How a quality is written in telemetry, twin and status: <c>good</c>, <c>stale</c>, <c>stuck</c>, <c>outOfRange</c>.</summary>
internal static class QualityName
{
    public static string Of(Quality quality) => quality switch
    {
        Quality.OutOfRange => "outOfRange",
        Quality.Stuck => "stuck",
        Quality.Stale => "stale",
        _ => "good",
    };
}
