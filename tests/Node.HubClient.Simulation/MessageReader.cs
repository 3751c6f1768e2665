using System.Globalization;
using System.Text;

namespace Node.HubClient.Simulation;

/// <summary>The device's part with cloud-to-device messages: takes most at once, keeps some to settle later, gives some back once.</summary>
internal sealed class MessageReader(SimulatedMessages hub, Network network, Invariants invariants)
{
    private readonly List<(long Number, C2dMessage Message)> _kept = [];
    private readonly HashSet<long> _everGivenBack = [];
    private readonly HashSet<long> _givenBack = [];
    private Connection? _connection;
    private long _last;

    /// <summary>Messages that the hub should have had an acknowledgement for: all but those given back, which come again with the next connection.</summary>
    public int Outstanding => hub.Waiting.Count(number => !_givenBack.Contains(number));

    /// <summary>A new client listens; what the old one kept died with it.</summary>
    public void Start(IotHubClientLL client)
    {
        _kept.Clear();
        _givenBack.Clear();
        _connection = null;
        client.SetMessageCallback((message, _) => Take(message));
    }

    /// <summary>Settles what was kept: the newest first, which must change nothing about the order of acknowledgements.</summary>
    public void SettleKept(IotHubClientLL client)
    {
        for (int index = _kept.Count - 1; index >= 0; index--)
        {
            if (client.SendMessageDisposition(_kept[index].Message, MessageDisposition.Accepted) is IotHubClientResult.Ok) // Else its connection is gone: then it comes again.
            {
                hub.Settled.Add(_kept[index].Number);
            }
        }

        _kept.Clear();
    }

    private MessageDisposition Take(C2dMessage message)
    {
        long number = long.Parse(Encoding.UTF8.GetString(message.Body.Span), CultureInfo.InvariantCulture);
        if (message.MessageId != number.ToString(CultureInfo.InvariantCulture))
        {
            invariants.Break($"message {number} came as {message.MessageId}");
        }

        if (_connection == network.Current && number <= _last)
        {
            invariants.Break($"cloud-to-device message {number} came after {_last} on one connection");
        }

        _connection = network.Current;
        _last = number;
        _givenBack.Remove(number);
        hub.Settled.Remove(number);
        if (number % 7 == 3 && _everGivenBack.Add(number))
        {
            _givenBack.Add(number);
            return MessageDisposition.Abandoned;
        }

        if (number % 5 == 2)
        {
            _kept.Add((number, message));
            return MessageDisposition.AsyncAck;
        }

        hub.Settled.Add(number);
        return MessageDisposition.Accepted;
    }
}
