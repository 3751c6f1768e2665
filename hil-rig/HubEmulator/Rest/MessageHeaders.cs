using System.Globalization;
using HubEmulator.C2d;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// Properties of messages as HTTP headers: <c>iothub-app-{name}</c> for those of the application, and one name each for the system's.
/// Header names have no case, but those of application properties keep theirs.
/// </summary>
internal static class MessageHeaders
{
    private const string Application = "iothub-app-";

    private static readonly Dictionary<string, string> SystemKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["iothub-messageid"] = "$.mid",
        ["iothub-correlationid"] = "$.cid",
        ["iothub-userid"] = "$.uid",
        ["iothub-to"] = "$.to",
        ["iothub-expiry"] = "$.exp",
        ["iothub-contenttype"] = "$.ct",
        ["iothub-contentencoding"] = "$.ce",
        ["iothub-creationtimeutc"] = "$.ctime",
        ["iothub-interface-id"] = "$.ifid",
        ["dt-subject"] = "$.sub",
    };

    public static Dictionary<string, string?> Read(IHeaderDictionary headers) =>
        Read(headers.Select(header => KeyValuePair.Create(header.Key, (string?)header.Value.ToString())));

    /// <summary>The properties of a message under the keys that MQTT has for them; what is no property is left out.</summary>
    public static Dictionary<string, string?> Read(IEnumerable<KeyValuePair<string, string?>> headers)
    {
        var properties = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach ((string name, string? value) in headers)
        {
            if (SystemKeys.TryGetValue(name, out string? key))
            {
                properties[key] = value;
            }
            else if (name.StartsWith(Application, StringComparison.OrdinalIgnoreCase) && name.Length > Application.Length)
            {
                properties[name[Application.Length..]] = value;
            }
        }

        return properties;
    }

    /// <summary>The headers of a cloud-to-device message.</summary>
    /// <param name="deviceId">The device that gets it.</param>
    /// <param name="message">The message.</param>
    /// <param name="deliveries">How often it was abandoned.</param>
    public static Dictionary<string, string> Write(string deviceId, C2dMessage message, int deliveries)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["iothub-to"] = Safe(message.To ?? $"/devices/{Uri.EscapeDataString(deviceId)}/messages/devicebound"),
            ["iothub-deliverycount"] = deliveries.ToString(CultureInfo.InvariantCulture),
        };
        Add("iothub-messageid", message.MessageId);
        Add("iothub-correlationid", message.CorrelationId);
        Add("iothub-userid", message.UserId);
        Add("iothub-contenttype", message.ContentType);
        Add("iothub-contentencoding", message.ContentEncoding);
        Add("iothub-expiry", message.ExpiryTime is { } expiry ? Times.Stamp(expiry) : null);
        Add("iothub-ack", message.Ack is { } ack ? C2dTopic.NameOf(ack) : null);
        foreach ((string key, string? value) in message.Properties)
        {
            headers[Application + Uri.EscapeDataString(key)] = Safe(value ?? "");
        }

        return headers;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers[name] = Safe(value);
            }
        }
    }

    /// <summary>What a header cannot hold goes percent-encoded.</summary>
    private static string Safe(string value) => value.All(letter => letter is >= ' ' and <= '~') ? value : Uri.EscapeDataString(value);
}
