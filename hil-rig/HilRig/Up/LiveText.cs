using System.Globalization;
using System.Text.Json.Nodes;
using HilRig.Bench;

namespace HilRig.Up;

/// <summary>What <c>hilrig up</c> shows people: the opening, the live line, the closing.</summary>
internal static class LiveText
{
    private const string Rig = "dotnet run --project hil-rig/HilRig --";

    public static string Opening(EmulatedBench bench, string folder) => $"""
        hub        {bench.Hub.HostName}, MQTT port {bench.Hub.MqttPort}, HTTPS port {bench.Hub.HttpsPort}, listening on this machine only
        node       {bench.DeviceId}, process {bench.Node?.Id}, emulated chips
        data       {folder}
        """;

    public static string TryNext() => $"""

        Try next, in another terminal:
          {Rig} twin set climate.interval=1s
          {Rig} method call 'led*toggle'
          {Rig} twin get
        Ctrl-C stops everything.

        """;

    /// <summary>One line: time, readings made durable and confirmed, twin version, actuators, last values.</summary>
    public static string Line(TimeSpan elapsed, NodeStatus? status, long atHub)
    {
        string time = string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds,5:0} s");
        if (status is null)
        {
            return $"{time}  the node is starting";
        }
        string link = status.IsConnected ? "connected" : $"not connected ({status.Hub.Reason ?? status.Hub.Status})";
        return string.Join(
            "  ",
            time,
            link,
            $"readings {status.Telemetry.Durable} durable, {status.Telemetry.Confirmed} confirmed, {atHub} at the hub",
            $"twin v{status.Twin.AcknowledgedVersion}",
            string.Join(" ", (status.Actuators ?? []).Select(actuator => $"{actuator.Name} {actuator.State}")),
            string.Join("  ", (status.Sensors ?? []).Select(Values)));
    }

    public static string Closing(UpSummary summary) => string.Create(
        CultureInfo.InvariantCulture,
        $"""

        {summary.Sent} readings made durable, {summary.Confirmed} confirmed, {summary.Distinct} distinct at the hub, {summary.Repeats} repeated, {summary.Lost} lost
        connected after {summary.ConnectSeconds?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-"} s, first telemetry after {summary.FirstTelemetrySeconds?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-"} s
        """);

    private static string Values(SensorState sensor) => sensor.Values is { Count: > 0 } values
        ? $"{sensor.Name} {string.Join(" ", values.Select(pair => $"{Number(pair.Value)} {Unit((sensor.Units?[pair.Key] as JsonValue)?.ToString())}"))}"
        : $"{sensor.Name} {sensor.State}";

    private static string Number(JsonNode? value) =>
        value is JsonValue number && number.TryGetValue(out double figure) ? figure.ToString("0.0", CultureInfo.InvariantCulture) : "?";

    private static string Unit(string? name) => name switch
    {
        "degreeCelsius" => "°C",
        "percent" => "%",
        "kilopascal" => "kPa",
        null => "",
        _ => name,
    };
}
