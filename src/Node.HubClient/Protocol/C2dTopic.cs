using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// The topic of cloud-to-device messages: <c>devices/{device}/messages/devicebound/{bag}</c>. System keys stand there literally as
/// <c>%24.mid</c> and so on; <c>$.mid</c> is taken too.
/// </summary>
internal sealed class C2dTopic(string deviceId)
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes($"devices/{deviceId}/messages/devicebound/");

    /// <summary>Where messages arrive.</summary>
    public string Filter { get; } = $"devices/{deviceId}/messages/devicebound/#";

    /// <summary>Whether a topic is ours; <paramref name="bag"/> is what follows the prefix.</summary>
    public bool TryParse(ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> bag)
    {
        bool ours = topic.StartsWith(_prefix);
        bag = ours ? topic[_prefix.Length..] : [];
        return ours;
    }

    /// <summary>Reads the bag into the message. Any bytes are taken.</summary>
    public static void ReadBag(ReadOnlySpan<byte> bag, C2dMessage message)
    {
        List<KeyValuePair<string, string?>>? properties = null;
        foreach (Range range in bag.Split((byte)'&'))
        {
            ReadOnlySpan<byte> pair = bag[range];
            int mark = pair.IndexOf((byte)'=');
            string key = PercentEncoding.Decode(mark < 0 ? pair : pair[..mark]);
            string? value = mark < 0 ? null : PercentEncoding.Decode(pair[(mark + 1)..]);
            if (key.Length > 0 && !TrySetSystem(message, key, value))
            {
                properties ??= [];
                Remove(properties, key);
                properties.Add(new(key, value));
            }
        }

        message.Properties = properties ?? message.Properties;
    }

    private static void Remove(List<KeyValuePair<string, string?>> properties, string key)
    {
        for (int index = 0; index < properties.Count; index++) // No lambda: this runs for each property of each message.
        {
            if (properties[index].Key == key)
            {
                properties.RemoveAt(index);
                return; // Keys are unique so far.
            }
        }
    }

    private static bool TrySetSystem(C2dMessage message, string key, string? value)
    {
        switch (key)
        {
            case "$.mid":
                message.MessageId = value;
                return true;
            case "$.cid":
                message.CorrelationId = value;
                return true;
            case "$.uid":
                message.UserId = value;
                return true;
            case "$.to":
                message.To = value;
                return true;
            case "$.ct":
                message.ContentType = value;
                return true;
            case "$.ce":
                message.ContentEncoding = value;
                return true;
            case "$.ctime":
                message.CreationTime = value;
                return true;
            case "$.exp":
                message.ExpiryTime = value;
                return true;
            case "iothub-ack":
                message.Acknowledgement = value;
                return true;
            default:
                return false;
        }
    }
}
