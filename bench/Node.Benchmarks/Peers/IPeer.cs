namespace Node.Benchmarks.Peers;

/// <summary>A client as the benchmarks drive it.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>Connects and waits for the CONNACK.</summary>
    void Connect();

    /// <summary>Sends QoS 1 messages and returns when the last is acknowledged.</summary>
    /// <param name="messages">How many.</param>
    /// <param name="window">Unacknowledged at most.</param>
    void Send(int messages, int window);

    /// <summary>Sends one message after the other, each when the one before it is acknowledged.</summary>
    /// <param name="ticks">Filled with the time each took, in the clock's ticks; its length says how many.</param>
    void SendOneByOne(long[] ticks);

    /// <summary>Subscribes to cloud-to-device messages and returns when so many have been received and acknowledged.</summary>
    /// <param name="messages">How many will come.</param>
    void Receive(int messages);
}
