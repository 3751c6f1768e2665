using System.Net.Sockets;
using System.Text;

namespace Node.Host.Tests.TestKit;

/// <summary>The service manager's end of the notify socket.</summary>
internal sealed class NotifySocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public NotifySocket(string path)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
        _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
    }

    /// <summary>The next state; fails after a minute.</summary>
    public string Read()
    {
        byte[] state = new byte[4096];
        return Encoding.UTF8.GetString(state, 0, _socket.Receive(state));
    }

    /// <summary>Reads on until a state has the line; gives that state. Fails after a minute, also while other states come.</summary>
    public string ReadUntil(string line)
    {
        long began = TimeProvider.System.GetTimestamp();
        string state;
        do
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"nothing said {line}");
            state = Read();
        }
        while (!state.Split('\n').Any(each => each.StartsWith(line, StringComparison.Ordinal)));

        return state;
    }

    /// <summary>What has arrived by now.</summary>
    public IReadOnlyList<string> Arrived()
    {
        var states = new List<string>();
        while (_socket.Available > 0)
        {
            states.Add(Read());
        }

        return states;
    }

    public void Dispose() => _socket.Dispose();
}
