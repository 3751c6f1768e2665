using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// A message's size as the service counts it against its limit of 262,144 bytes: body, values of system properties, names and
/// values of application properties. Source: "IoT Hub message format".
/// </summary>
internal static class TelemetrySize
{
    /// <summary>Counts, in bytes of UTF-8.</summary>
    public static long Of(TelemetryMessage message)
    {
        long size = message.Body.Length;
        IList<KeyValuePair<string, string?>> properties = message.Properties;
        int count = properties.Count;
        for (int index = 0; index < count; index++)
        {
            KeyValuePair<string, string?> property = properties[index];
            size += Encoding.UTF8.GetByteCount(property.Key) + Bytes(property.Value);
        }

        return size + Bytes(message.MessageId) + Bytes(message.CorrelationId) + Bytes(message.ContentType) + Bytes(message.ContentEncoding)
            + Bytes(message.ComponentName);
    }

    private static int Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
