using System.Globalization;
using System.Text;

namespace Node.HubClient.Simulation;

/// <summary>The hub's queue of cloud-to-device messages: each is delivered on every connection until it is acknowledged, oldest first.</summary>
internal sealed class SimulatedMessages(Invariants invariants)
{
    /// <summary>Where the device listens.</summary>
    public const string Filter = "devices/dev/messages/devicebound/#";

    private const int Window = 50;
    private readonly SortedSet<long> _waiting = [];
    private readonly List<(ushort Id, long Number)> _delivered = [];
    private Connection? _connection;
    private long _next = 1;
    private int _acknowledgedUpTo; // place in the list
    private int _open;

    /// <summary>Messages sent and not acknowledged, by number.</summary>
    public IReadOnlyCollection<long> Waiting => _waiting;

    /// <summary>What the application has let the client acknowledge, by number.</summary>
    public HashSet<long> Settled { get; } = [];

    /// <summary>The service sends one.</summary>
    public void Send()
    {
        _waiting.Add(_next++);
        Deliver();
    }

    /// <summary>The device listens on this connection: everything that waits comes, also what came before.</summary>
    public void Begin(Connection connection)
    {
        _connection = connection;
        _delivered.Clear();
        _acknowledgedUpTo = 0;
        _open = 0;
        Deliver();
    }

    /// <summary>A PUBACK; in the order of delivery, and for what was delivered on its connection alone.</summary>
    public void Acknowledge(Connection connection, ushort id)
    {
        int place = connection == _connection ? _delivered.FindIndex(_acknowledgedUpTo, one => one.Id == id) : -1;
        if (place < 0)
        {
            invariants.Break($"message id {id} was acknowledged twice, out of order, or on a connection that did not bring it");
            return;
        }

        long number = _delivered[place].Number;
        if (!Settled.Contains(number))
        {
            invariants.Break($"cloud-to-device message {number} was acknowledged before the application had settled it");
        }

        _open -= place + 1 - _acknowledgedUpTo;
        _acknowledgedUpTo = place + 1;
        _waiting.Remove(number);
        Deliver();
    }

    private void Deliver()
    {
        long last = _delivered.Count > 0 ? _delivered[^1].Number : 0;
        foreach (long number in _connection is null ? [] : _waiting.Where(one => one > last).ToArray())
        {
            if (_open == Window)
            {
                return;
            }

            ushort id = (ushort)(_delivered.Count + 1);
            _delivered.Add((id, number));
            _open++;
            _connection!.SendDown(3, id, $"devices/dev/messages/devicebound/%24.mid={number}", Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
