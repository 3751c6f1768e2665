using System.Globalization;
using System.Text.Json.Nodes;

namespace HilRig.Cli;

/// <summary>A fault in a line for people: <c>fault 3  delay of dev-01  active  12:00:01 to 12:01:01  struck 4 times  (delay 0.2, seed 7)</c>.</summary>
internal static class FaultText
{
    private static readonly string[] ToldFirst = ["id", "kind", "deviceId", "afterSeconds", "forSeconds", "state", "begins", "ends", "strikes"];

    public static string Line(JsonObject fault, TimeZoneInfo zone)
    {
        string device = fault["deviceId"] is { } named ? $"{named}" : "every device";
        IEnumerable<string> more = fault.Where(member => !ToldFirst.Contains(member.Key) && member.Value is not null and not JsonArray { Count: 0 })
            .Select(member => $"{member.Key} {member.Value!.ToJsonString()}");
        return $"fault {fault["id"]}  {fault["kind"]} of {device}  {fault["state"]}  {Time(fault["begins"], zone)} to {Time(fault["ends"], zone)}  struck {fault["strikes"]} times  ({string.Join(", ", more)})";
    }

    private static string Time(JsonNode? stamp, TimeZoneInfo zone) =>
        DateTimeOffset.TryParse($"{stamp}", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? TimeZoneInfo.ConvertTime(time, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture)
            : $"{stamp}";
}
