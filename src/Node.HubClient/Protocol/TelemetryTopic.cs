using System.Globalization;
using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// The topic of device-to-cloud messages: <c>devices/{device}[/modules/{module}]/messages/events/{bag}</c>, the bag being
/// <c>key=value</c> pairs joined by ampersands; application properties first, then system properties under <c>%24.</c> keys.
/// </summary>
internal sealed class TelemetryTopic(string identityPath, bool encode)
{
    private const string CreationTimeFormat = "O"; // yyyy-MM-ddTHH:mm:ss.fffffffZ of a time in UTC, without the cost of a custom format.
    private const int CreationTimeLength = 28;
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes($"devices/{identityPath}/messages/events/");

    /// <summary>Whether names and values are percent-encoded.</summary>
    public bool IsEncoding { get; set; } = encode;

    /// <summary>Which messages carry diagnostic properties; null for none.</summary>
    public DiagnosticSampling? Sampling { get; set; }

    /// <summary>Appends the whole topic of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="clock">Read only for a message that carries diagnostic properties.</param>
    /// <param name="topic">Where to.</param>
    public void Build(TelemetryMessage message, TimeProvider clock, ref Utf8Builder topic)
    {
        topic.Append(_prefix);
        IList<KeyValuePair<string, string?>> properties = message.Properties;
        int count = properties.Count;
        for (int index = 0; index < count; index++)
        {
            KeyValuePair<string, string?> property = properties[index];
            Begin(ref topic);
            Write(ref topic, property.Key);
            if (property.Value is not null)
            {
                topic.Append("="u8);
                Write(ref topic, property.Value);
            }
        }

        WriteSystem(ref topic, "%24.cid="u8, message.CorrelationId);
        WriteSystem(ref topic, "%24.mid="u8, message.MessageId);
        WriteSystem(ref topic, "%24.ct="u8, message.ContentType);
        if (message.IsSecurityMessage)
        {
            WriteLiteral(ref topic, "%24.ce=application%2fjson"u8);
        }
        else
        {
            WriteSystem(ref topic, "%24.ce="u8, message.ContentEncoding);
        }

        WriteCreationTime(ref topic, message.CreationTime);
        if (message.IsSecurityMessage)
        {
            WriteLiteral(ref topic, "%24.ifid=urn%3aazureiot%3aSecurity%3aSecurityAgent%3a1"u8);
        }

        WriteSystem(ref topic, "%24.on="u8, message.OutputName);
        WriteSystem(ref topic, "%24.sub="u8, message.ComponentName);
        if (Sampling?.Next() is { } id)
        {
            Begin(ref topic);
            topic.Append(string.Create(CultureInfo.InvariantCulture, $"%24.diagid={id}&%24.diagctx=creationtimeutc%3d{clock.GetUtcNow().ToUnixTimeSeconds()}"));
        }
    }

    /// <summary>Whether properties that were not encoded hold what no topic name may (MQTT 3.1.1 sections 1.5.3 and 4.7.1).</summary>
    public bool Breaks(ReadOnlySpan<byte> topic) => !IsEncoding && topic[_prefix.Length..].ContainsAny("#+\0"u8);

    private void WriteCreationTime(ref Utf8Builder topic, DateTimeOffset? time)
    {
        if (time is { } instant)
        {
            Span<char> text = stackalloc char[CreationTimeLength];
            instant.UtcDateTime.TryFormat(text, out int length, CreationTimeFormat, CultureInfo.InvariantCulture);
            Begin(ref topic);
            topic.Append("%24.ctime="u8);
            Write(ref topic, text[..length]);
        }
    }

    private void WriteSystem(ref Utf8Builder topic, ReadOnlySpan<byte> key, string? value)
    {
        if (value is not null)
        {
            Begin(ref topic);
            topic.Append(key);
            Write(ref topic, value);
        }
    }

    private void WriteLiteral(ref Utf8Builder topic, ReadOnlySpan<byte> pair)
    {
        Begin(ref topic);
        topic.Append(pair);
    }

    private void Begin(ref Utf8Builder topic)
    {
        if (topic.Length > _prefix.Length)
        {
            topic.Append("&"u8);
        }
    }

    private void Write(ref Utf8Builder topic, scoped ReadOnlySpan<char> text)
    {
        if (IsEncoding)
        {
            topic.AppendEncoded(text);
        }
        else
        {
            topic.Append(text);
        }
    }
}
