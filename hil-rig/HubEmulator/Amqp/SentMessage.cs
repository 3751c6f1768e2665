using System.Globalization;
using System.Text;
using Amqp;
using Amqp.Framing;

namespace HubEmulator.Amqp;

/// <summary>Reads a cloud-to-device message from its AMQP form. What the device gets is text, so every value becomes the text that its type has.</summary>
internal static class SentMessage
{
    private const string AckProperty = "iothub-ack";

    private static readonly Dictionary<string, C2dAck> Acks = new(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = C2dAck.None,
        ["positive"] = C2dAck.Positive,
        ["negative"] = C2dAck.Negative,
        ["full"] = C2dAck.Full,
    };

    /// <param name="sent">What arrived.</param>
    /// <param name="message">What it says.</param>
    /// <param name="broken">What is wrong, when it cannot be read.</param>
    public static bool TryRead(Message sent, out C2dMessage message, out string broken)
    {
        message = new C2dMessage();
        broken = "";
        Properties system = sent.Properties ?? new Properties();
        if (!TryReadBody(sent, out byte[] body))
        {
            broken = "The body must be data, or a text or bytes as a value.";
            return false;
        }

        C2dAck? ack = null;
        var properties = new List<KeyValuePair<string, string?>>();
        foreach ((string key, object? value) in Application(sent))
        {
            if (key != AckProperty)
            {
                properties.Add(KeyValuePair.Create(key, TextOf(value)));
            }
            else if (Acks.TryGetValue(TextOf(value) ?? "", out C2dAck wanted))
            {
                ack = wanted;
            }
            else
            {
                broken = "iothub-ack must be none, positive, negative or full.";
                return false;
            }
        }

        message = new C2dMessage
        {
            MessageId = TextOf(system.GetMessageId()),
            CorrelationId = TextOf(system.GetCorrelationId()),
            UserId = TextOf(system.UserId),
            To = system.To,
            ContentType = system.ContentType?.ToString(),
            ContentEncoding = system.ContentEncoding?.ToString(),
            ExpiryTime = system.AbsoluteExpiryTime == default ? null : new DateTimeOffset(DateTime.SpecifyKind(system.AbsoluteExpiryTime, DateTimeKind.Utc)),
            Ack = ack,
            Properties = properties,
            Body = body,
        };
        return true;
    }

    private static IEnumerable<(string Key, object? Value)> Application(Message sent) =>
        sent.ApplicationProperties?.Map.Select(pair => (TextOf(pair.Key) ?? "", (object?)pair.Value)) ?? [];

    private static bool TryReadBody(Message sent, out byte[] body)
    {
        body = sent.Body switch
        {
            null => [],
            byte[] data => data,
            string text => Encoding.UTF8.GetBytes(text),
            Data[] parts => [.. parts.SelectMany(part => part.Binary)],
            _ => null!,
        };
        return body is not null;
    }

    /// <summary>Identifiers and values come in many types, for one because an SDK sends ids that look like GUIDs as such.</summary>
    private static string? TextOf(object? value) => value switch
    {
        null => null,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        bool yes => yes ? "true" : "false",
        DateTime time => Times.Stamp(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc))),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
