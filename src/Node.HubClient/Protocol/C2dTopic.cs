using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// The topic of cloud-to-device messages: <c>devices/{device}/messages/devicebound/{bag}</c>. System keys stand there literally as
/// <c>%24.mid</c> and so on; <c>$.mid</c> is taken too.
/// </summary>
internal sealed class C2dTopic(string deviceId)
{
    private readonly byte[] _address = Encoding.UTF8.GetBytes($"devices/{deviceId}/messages/devicebound");

    /// <summary>Where messages arrive.</summary>
    public string Filter { get; } = $"devices/{deviceId}/messages/devicebound/#";

    /// <summary>Whether a topic is ours, told without case as the reference tells it; <paramref name="bag"/> is what follows the slash, if anything does.</summary>
    public bool TryParse(ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> bag)
    {
        bag = [];
        if (topic.Length < _address.Length || !Ascii.EqualsIgnoreCase(topic[.._address.Length], _address))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = topic[_address.Length..];
        bag = rest.IsEmpty ? rest : rest[1..];
        return rest.IsEmpty || rest[0] == '/';
    }

    /// <summary>Reads the bag into the message. Any bytes are taken; a key without a value, or with an empty one, is left out, as the reference does; of equal keys the last counts.</summary>
    public static void ReadBag(ReadOnlySpan<byte> bag, C2dMessage message)
    {
        int pairs = bag.Count((byte)'&') + 1;
        KeyValuePair<string, string?>[] properties = [];
        int count = 0;
        foreach (Range range in bag.Split((byte)'&'))
        {
            ReadOnlySpan<byte> pair = bag[range];
            int mark = pair.IndexOf((byte)'=');
            pairs--;
            if (mark <= 0 || mark == pair.Length - 1)
            {
                continue;
            }

            ReadOnlySpan<byte> key = pair[..mark];
            string value = PercentEncoding.Decode(pair[(mark + 1)..]);
            if (!TrySetSystem(message, key, value))
            {
                if (count == properties.Length)
                {
                    Array.Resize(ref properties, count + 1 + pairs); // Once, for all that can still come.
                }

                count = Put(properties, count, PercentEncoding.Decode(key), value);
            }
        }

        Array.Resize(ref properties, count);
        message.Properties = properties;
    }

    private static int Put(KeyValuePair<string, string?>[] properties, int count, string key, string? value)
    {
        int kept = 0;
        for (int index = 0; index < count; index++)
        {
            if (properties[index].Key != key)
            {
                properties[kept++] = properties[index];
            }
        }

        properties[kept] = new(key, value);
        return kept + 1;
    }

    /// <summary>System keys stand in the bag as <c>%24.mid</c>, or decoded; an application's own key never begins so.</summary>
    private static bool TrySetSystem(C2dMessage message, ReadOnlySpan<byte> key, string? value)
    {
        if (key.SequenceEqual("iothub-ack"u8))
        {
            message.Acknowledgement = value;
            return true;
        }

        ReadOnlySpan<byte> name = key.StartsWith("%24."u8) ? key[4..] : key.StartsWith("$."u8) ? key[2..] : [];
        if (name.SequenceEqual("mid"u8))
        {
            message.MessageId = value;
        }
        else if (name.SequenceEqual("cid"u8))
        {
            message.CorrelationId = value;
        }
        else if (name.SequenceEqual("uid"u8))
        {
            message.UserId = value;
        }
        else if (name.SequenceEqual("to"u8))
        {
            message.To = value;
        }
        else if (name.SequenceEqual("ct"u8))
        {
            message.ContentType = value;
        }
        else if (name.SequenceEqual("ce"u8))
        {
            message.ContentEncoding = value;
        }
        else if (name.SequenceEqual("ctime"u8))
        {
            message.CreationTime = value;
        }
        else if (name.SequenceEqual("exp"u8))
        {
            message.ExpiryTime = value;
        }
        else
        {
            return false;
        }

        return true;
    }
}
