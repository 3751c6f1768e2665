using System.Buffers;
using System.Text;

namespace HubEmulator.C2d;

/// <summary>What a cloud-to-device message may be.</summary>
internal static class C2dRules
{
    /// <summary>Body, values of system properties, names and values of application properties together.</summary>
    public const int MostBytes = 65_536;

    private const int LongestId = 128;
    private const int LongestTopicBytes = 65_535; // MQTT 3.1.1 section 1.5.3

    private static readonly SearchValues<char> IdAlphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-:.+%_#*?!(),=@;$'");

    /// <returns>What is wrong, or null.</returns>
    public static string? FindBrokenRule(C2dMessage message)
    {
        if (!IsId(message.MessageId) || !IsId(message.CorrelationId))
        {
            return $"messageId and correlationId must be 1 to {LongestId} letters, digits and - : . + % _ # * ? ! ( ) , = @ ; $ '.";
        }

        if (message.Ack is { } ack && !Enum.IsDefined(ack))
        {
            return "ack must be none, positive, negative or full.";
        }

        return message.Properties.Any(property => property.Key.Length == 0) ? "A property needs a name." : null;
    }

    public static bool IsTooLarge(string deviceId, C2dMessage message) =>
        SizeOf(message) > MostBytes || Encoding.UTF8.GetByteCount(C2dTopic.Write(deviceId, message)) > LongestTopicBytes;

    private static bool IsId(string? id) => id is null || (id.Length is > 0 and <= LongestId && !id.AsSpan().ContainsAnyExcept(IdAlphabet));

    private static long SizeOf(C2dMessage message) =>
        message.Body.Length
        + new[] { message.MessageId, message.CorrelationId, message.UserId, message.To, message.ContentType, message.ContentEncoding }.Sum(SizeOf)
        + message.Properties.Sum(property => (long)SizeOf(property.Key) + SizeOf(property.Value));

    private static int SizeOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
