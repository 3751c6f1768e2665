using System.Text.Json.Nodes;

namespace Node.Host.Twin;

/// <summary>The answer to a desired property: <c>{"value":…,"ac":200,"av":3,"ad":"…"}</c> (IoT Plug and Play conventions, writable properties).</summary>
/// <param name="Value">The value in force, accepted or not; null for a property that the node does not have.</param>
/// <param name="Code">200 accepted, 202 accepted and not yet reached, 203 the node's own value, 400 refused, 500 failed while it was put in force.</param>
/// <param name="Version">The desired version answered; 0 with 203.</param>
/// <param name="Description">For people.</param>
internal sealed record PropertyAck(JsonNode? Value, int Code, long Version, string Description)
{
    public const int RefusedCode = 400;

    public const int FailedCode = 500;

    private const int LongestDescription = 256; // The whole reported section has 32 KB.

    public static PropertyAck Accepted(JsonNode value, long version) => new(value, 200, version, "in force");

    public static PropertyAck InProgress(JsonNode value, long version) => new(value, 202, version, "in progress");

    public static PropertyAck Default(JsonNode value) => new(value, 203, 0, "initialize");

    /// <summary>The value in force was set on the node itself, not by the cloud.</summary>
    public static PropertyAck Local(JsonNode value) => new(value, 203, 0, "set on the node");

    public static PropertyAck Failed(JsonNode value, long version, string reason) => new(value, FailedCode, version, reason);

    public static PropertyAck Refused(JsonNode? value, long version, string reason) => new(value, RefusedCode, version, reason);

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Value is not null)
        {
            json["value"] = Value.DeepClone(); // A null would delete the key on the hub anyway.
        }

        json["ac"] = Code;
        json["av"] = Version;
        json["ad"] = Description.Length <= LongestDescription ? Description : Description[..LongestDescription];
        return json;
    }
}
