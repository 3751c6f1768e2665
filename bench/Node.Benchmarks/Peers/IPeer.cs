namespace Node.Benchmarks.Peers;

/// <summary>A client as the benchmarks drive it: connect, then send QoS 1 messages with at most a window of them unacknowledged.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>Name in the tables.</summary>
    string Name { get; }

    /// <summary>Connects and waits for the CONNACK.</summary>
    void Connect();

    /// <summary>Sends messages and returns when the last is acknowledged.</summary>
    /// <param name="messages">How many.</param>
    /// <param name="window">Unacknowledged at most.</param>
    void Send(int messages, int window);
}

/// <summary>What every peer sends: 256 bytes of JSON with two properties, as a device would.</summary>
internal static class Traffic
{
    public const string DeviceId = "bench";

    public const string Topic = "devices/bench/messages/events/source=bench&level=info";

    public const string Identity = "HostName=hub.localhost;DeviceId=bench;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    public static byte[] Payload { get; } = System.Text.Encoding.ASCII.GetBytes("{\"value\":\"" + new string('x', 244) + "\"}");
}
