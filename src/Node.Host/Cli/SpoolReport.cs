using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Node.Host.Spool;

namespace Node.Host.Cli;

/// <summary>What <c>sensornode spool stat</c> says.</summary>
/// <param name="Path">The database.</param>
/// <param name="FileBytes">Its size on disk.</param>
/// <param name="Limits">What bounds it, by the configuration.</param>
/// <param name="Totals">What came and what became of it.</param>
/// <param name="Sensors">What waits.</param>
/// <param name="Now">When it was asked.</param>
/// <param name="Earlier">The totals a while before, and how long that is; null when no node runs and nothing moves.</param>
internal sealed record SpoolReport(
    string Path, long FileBytes, SpoolLimits Limits, SpoolTotals Totals, IReadOnlyList<SpooledSensor> Sensors, DateTimeOffset Now,
    (SpoolTotals Totals, TimeSpan Before)? Earlier)
{
    private DateTimeOffset? Oldest => Sensors.Min(sensor => sensor.Oldest);

    private double? StoredPerSecond => Earlier is { } earlier ? (Totals.LastSequence - earlier.Totals.LastSequence) / earlier.Before.TotalSeconds : null;

    private double? ConfirmedPerSecond => Earlier is { } earlier ? (Totals.Confirmed - earlier.Totals.Confirmed) / earlier.Before.TotalSeconds : null;

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Path}, {FileBytes:N0} bytes on disk, at most {Limits.CapacityBytes:N0}");
        text.AppendLine(CultureInfo.InvariantCulture, $"waiting    {Counted.Of(Totals.Rows, "reading")}, {Counted.Of(Totals.Bytes, "byte")}{(Oldest is { } oldest ? $", the oldest of {oldest:yyyy-MM-dd HH:mm:ss}Z" : "")}");
        foreach (SpooledSensor sensor in Sensors)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {sensor.Component,-20} {sensor.Count,10:N0}  {sensor.Oldest:yyyy-MM-dd HH:mm:ss}Z to {sensor.Newest:yyyy-MM-dd HH:mm:ss}Z");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"stored     {Totals.LastSequence:N0} since the file was made");
        text.AppendLine(CultureInfo.InvariantCulture, $"confirmed  {Totals.Confirmed:N0}");
        text.Append(CultureInfo.InvariantCulture, $"dropped    {Totals.DroppedByCapacity:N0} for room, {Totals.DroppedByThinning:N0} thinned out, {Totals.DroppedByAge:N0} for age, {Totals.Purged:N0} purged, {Totals.LostByCorruption:N0} lost to damage");
        if (StoredPerSecond is { } stored && ConfirmedPerSecond is { } confirmed)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"rates      {stored:0.0} stored, {confirmed:0.0} confirmed a second");
        }

        return text.ToString();
    }

    public JsonObject ToJson() => new()
    {
        ["path"] = Path,
        ["fileBytes"] = FileBytes,
        ["capacityBytes"] = Limits.CapacityBytes,
        ["depth"] = Totals.Rows,
        ["bytes"] = Totals.Bytes,
        ["oldest"] = Time(Oldest),
        ["oldestSeconds"] = Oldest is { } oldest ? Math.Round((Now - oldest).TotalSeconds, 3) : null,
        ["sensors"] = new JsonObject(Sensors.Select(sensor => KeyValuePair.Create<string, JsonNode?>(sensor.Component, new JsonObject
        {
            ["count"] = sensor.Count,
            ["bytes"] = sensor.Bytes,
            ["oldest"] = Time(sensor.Oldest),
            ["newest"] = Time(sensor.Newest),
        }))),
        ["stored"] = Totals.LastSequence,
        ["storedBytes"] = Totals.AppendedBytes,
        ["confirmed"] = Totals.Confirmed,
        ["dropped"] = new JsonObject
        {
            ["capacity"] = Totals.DroppedByCapacity,
            ["thinning"] = Totals.DroppedByThinning,
            ["age"] = Totals.DroppedByAge,
            ["purged"] = Totals.Purged,
            ["damage"] = Totals.LostByCorruption,
        },
        ["storedPerSecond"] = Rounded(StoredPerSecond),
        ["confirmedPerSecond"] = Rounded(ConfirmedPerSecond),
    };

    private static string? Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static double? Rounded(double? rate) => rate is { } known ? Math.Round(known, 3) : null;
}
