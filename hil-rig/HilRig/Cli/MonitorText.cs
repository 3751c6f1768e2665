using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HilRig.Cli;

/// <summary>What <c>hilrig hub monitor</c> prints: a line for people, or a JSON document a line, for each message and event.</summary>
internal sealed class MonitorText(TextWriter output, bool asJson, string? onlyDevice, TimeProvider clock)
{
    private const int LongestBody = 2000;
    private const string EveryDevice = "*"; // a fault that hits all
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="isTelemetry">True for a message, false for a connection that came, went or was refused, and for a fault.</param>
    /// <param name="item">As the hub describes it.</param>
    public void Write(bool isTelemetry, JsonObject item)
    {
        string device = $"{item["deviceId"]}";
        if (onlyDevice is not null && device != EveryDevice && device.Split('/')[0] != onlyDevice)
        {
            return;
        }

        string line = (asJson, isTelemetry) switch
        {
            (true, true) => MessageAsJson(item),
            (true, false) => Typed("event", item).ToJsonString(OneLine),
            (false, true) => $"{Time(item["enqueuedTime"])}  {Named(device, item)}  {BodyForPeople(item)}{Properties(item)}",
            (false, false) => $"{Time(item["time"])}  {device}  ({item["kind"]}{(item["detail"]?.ToString() is { Length: > 0 } why ? $": {why}" : "")})",
        };
        output.WriteLine(asJson ? line : string.Concat(line.Select(letter => char.IsControl(letter) ? '·' : letter))); // a device must not drive the terminal
    }

    /// <summary>Something about the hub itself; a script is not bothered with it.</summary>
    public void Note(string text)
    {
        if (!asJson)
        {
            output.WriteLine($"{clock.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}  ({text})");
        }
    }

    private static string Named(string device, JsonObject item) => item["moduleId"] is { } module ? $"{device}/{module}" : device;

    private static JsonObject Typed(string type, JsonObject item)
    {
        var typed = new JsonObject { ["type"] = type };
        foreach ((string name, JsonNode? value) in item)
        {
            typed[name] = value?.DeepClone();
        }

        return typed;
    }

    /// <summary>The body becomes JSON or text where it is one; else it stays base64, as <c>bodyBase64</c>.</summary>
    private static string MessageAsJson(JsonObject item)
    {
        JsonObject typed = Typed("telemetry", item);
        typed.Remove("body");
        if (TextOf(item) is { } text)
        {
            typed["body"] = TryParse(text, out JsonNode? json) ? json : JsonValue.Create(text);
        }
        else
        {
            typed["bodyBase64"] = $"{item["body"]}";
        }

        return typed.ToJsonString(OneLine);
    }

    private static string BodyForPeople(JsonObject item)
    {
        string body = TextOf(item)?.ReplaceLineEndings(" ") ?? $"base64 {item["body"]}";
        return body.Length > LongestBody ? $"{body[..LongestBody]}… ({body.Length} characters)" : body;
    }

    private static string Properties(JsonObject item) =>
        item["applicationProperties"] is JsonObject { Count: > 0 } properties ? $"  {properties.ToJsonString(OneLine)}" : "";

    private static string? TextOf(JsonObject item)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String($"{item["body"]}"));
        }
        catch (ArgumentException)
        {
            return null; // no UTF-8
        }
    }

    private static bool TryParse(string text, out JsonNode? json)
    {
        try
        {
            json = JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            json = null;
            return false;
        }
    }

    private string Time(JsonNode? stamp) =>
        DateTimeOffset.TryParse($"{stamp}", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? TimeZoneInfo.ConvertTime(time, clock.LocalTimeZone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)
            : $"{stamp}";
}
