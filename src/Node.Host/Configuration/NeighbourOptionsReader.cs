namespace Node.Host.Configuration;

/// <summary>Reads what neighbours are told.</summary>
internal sealed class NeighbourOptionsReader(SettingsReader settings)
{
    private const string Section = "Node:Neighbours";

    private static readonly NeighbourOptions Defaults = new();

    public NeighbourOptions Read()
    {
        var options = new NeighbourOptions
        {
            MqttHost = settings.Text($"{Section}:MqttHost"),
            MqttPort = settings.Integer($"{Section}:MqttPort", Defaults.MqttPort, 1, 65_535),
            MqttTopic = settings.Text($"{Section}:MqttTopic", Defaults.MqttTopic, "a topic without + and #")!,
            DiscoveryPrefix = settings.Text($"{Section}:DiscoveryPrefix", null, "a topic without + and #"),
            MqttUserName = settings.Text($"{Section}:MqttUserName"),
            MqttPassword = settings.Text($"{Section}:MqttPassword"),
            Interval = settings.Period($"{Section}:Interval", Defaults.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            HttpPort = settings.Integer($"{Section}:HttpPort", Defaults.HttpPort, 0, 65_535),
        };
        Check(options);
        return options;
    }

    private void Check(NeighbourOptions options)
    {
        if (options.MqttHost is { } host && Uri.CheckHostName(host) is UriHostNameType.Unknown)
        {
            settings.Fault($"{Section}:MqttHost", $"'{host}' is no host name; write it without a scheme and without a port");
        }

        CheckTopic("MqttTopic", options.MqttTopic);
        CheckTopic("DiscoveryPrefix", options.DiscoveryPrefix ?? "");
        if (options.DiscoveryPrefix is not null && options.MqttHost is null)
        {
            settings.Fault($"{Section}:DiscoveryPrefix", "announcements need a broker; set Node:Neighbours:MqttHost too");
        }

        if (options.MqttPassword is not null && options.MqttUserName is null)
        {
            settings.Fault($"{Section}:MqttPassword", "a password needs a user name; set Node:Neighbours:MqttUserName too");
        }
    }

    private void CheckTopic(string name, string topic)
    {
        if (topic.AsSpan().ContainsAny('+', '#', '\0') || topic.Length > 256)
        {
            settings.Fault($"{Section}:{name}", $"'{topic}' is not allowed; allowed is a topic of at most 256 characters without + and #");
        }
    }
}
