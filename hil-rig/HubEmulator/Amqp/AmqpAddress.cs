using System.Text.RegularExpressions;

namespace HubEmulator.Amqp;

/// <summary>The address of a node: <c>[amqps://{host}][/]{path}</c>. Letters count without case.</summary>
/// <param name="Path">Without the slash before it.</param>
internal sealed partial record AmqpAddress(string Path)
{
    private const string SchemeEnd = "://";
    private const string Events = "messages/events";

    /// <summary>True for the hub's own names of its telemetry, from which readers are sent on to the endpoint that is compatible with Event Hubs.</summary>
    public bool IsHubEvents => Is(Events) || Path.StartsWith($"{Events}/", StringComparison.OrdinalIgnoreCase);

    public static AmqpAddress Parse(string? text)
    {
        string path = text ?? "";
        int scheme = path.IndexOf(SchemeEnd, StringComparison.Ordinal);
        if (scheme >= 0)
        {
            int slash = path.IndexOf('/', scheme + SchemeEnd.Length);
            path = slash < 0 ? "" : path[slash..];
        }

        return new AmqpAddress(path.StartsWith('/') ? path[1..] : path);
    }

    public bool Is(string path) => Path.Equals(path, StringComparison.OrdinalIgnoreCase);

    /// <summary>What follows the hub's name of its telemetry, such as <c>/$management</c>; empty for nothing.</summary>
    public string AfterHubEvents() => Path[Events.Length..];

    /// <summary>Reads <c>{entity}/ConsumerGroups/{group}/Partitions/{partition}</c>.</summary>
    public bool TryReadPartition(string entity, out string group, out string partition)
    {
        Match parts = PartitionPath().Match(Path);
        (group, partition) = (parts.Groups["group"].Value, parts.Groups["partition"].Value);
        return parts.Success && parts.Groups["entity"].Value.Equals(entity, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("^(?<entity>[^/]+)/ConsumerGroups/(?<group>[^/]+)/Partitions/(?<partition>[^/]+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PartitionPath();
}
