using System.Text;

namespace HubEmulator.C2d;

/// <summary>
/// Writes <c>devices/{d}/messages/devicebound/{bag}</c>. Everything outside letters, digits and <c>-_.~</c> is escaped, in keys too,
/// because one SDK looks for <c>%24.</c> literally and two cut the topic at each slash.
/// </summary>
internal static class C2dTopic
{
    public static string Write(string deviceId, C2dMessage message)
    {
        var topic = new StringBuilder($"devices/{deviceId}/messages/devicebound/");
        int start = topic.Length;
        Add("$.mid", message.MessageId);
        Add("$.cid", message.CorrelationId);
        Add("$.uid", message.UserId);
        Add("$.to", message.To ?? $"/devices/{Uri.EscapeDataString(deviceId)}/messages/devicebound");
        Add("$.exp", message.ExpiryTime is { } expiry ? Times.Stamp(expiry) : null);
        Add("$.ct", message.ContentType);
        Add("$.ce", message.ContentEncoding);
        Add("iothub-ack", message.Ack is { } ack ? NameOf(ack) : null);
        foreach ((string key, string? value) in message.Properties)
        {
            Append(key, value);
        }

        return topic.ToString();

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                Append(key, value);
            }
        }

        void Append(string key, string? value)
        {
            topic.Append(topic.Length == start ? "" : "&").Append(Uri.EscapeDataString(key));
            if (value is not null)
            {
                topic.Append('=').Append(Uri.EscapeDataString(value));
            }
        }
    }

    /// <summary>The word for it on the wire.</summary>
    public static string NameOf(C2dAck ack) => ack switch
    {
        C2dAck.Positive => "positive",
        C2dAck.Negative => "negative",
        C2dAck.Full => "full",
        _ => "none",
    };
}
