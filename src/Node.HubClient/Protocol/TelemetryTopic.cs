using System.Globalization;
using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// The topic of device-to-cloud messages: <c>devices/{device}/messages/events/{bag}</c>, the bag being
/// <c>key=value</c> pairs joined by ampersands; application properties first, then system properties under <c>%24.</c> keys.
/// </summary>
internal sealed class TelemetryTopic(string deviceId, bool encode)
{
    private readonly string _prefix = $"devices/{deviceId}/messages/events/";

    /// <summary>The whole topic of a message.</summary>
    public string Build(TelemetryMessage message)
    {
        var topic = new StringBuilder(_prefix, 256);
        foreach (KeyValuePair<string, string?> property in message.Properties)
        {
            Begin(topic);
            Write(topic, property.Key);
            if (property.Value is not null)
            {
                topic.Append('=');
                Write(topic, property.Value);
            }
        }

        WriteSystem(topic, "cid", message.CorrelationId);
        WriteSystem(topic, "mid", message.MessageId);
        WriteSystem(topic, "ct", message.ContentType);
        WriteSystem(topic, "ce", message.ContentEncoding);
        WriteSystem(topic, "ctime", message.CreationTime?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        WriteSystem(topic, "sub", message.ComponentName);
        return topic.ToString();
    }

    private void WriteSystem(StringBuilder topic, string key, string? value)
    {
        if (value is not null)
        {
            Begin(topic);
            topic.Append("%24.").Append(key).Append('=');
            Write(topic, value);
        }
    }

    private void Begin(StringBuilder topic)
    {
        if (topic.Length > _prefix.Length)
        {
            topic.Append('&');
        }
    }

    private void Write(StringBuilder topic, string text)
    {
        if (encode)
        {
            PercentEncoding.Append(topic, text);
        }
        else
        {
            topic.Append(text);
        }
    }
}
