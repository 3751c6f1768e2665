using System.Text;
using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Fuzz;

/// <summary>One client, one peer and one caller who do something at random at each step.</summary>
/// <param name="seed">Decides everything.</param>
/// <param name="anything">Whether the peer may also repeat its CONNACK and answer requests of earlier connections.</param>
internal sealed class EventPlay(int seed, bool anything)
{
    private static readonly string[] Topics =
    [
        Vectors.DesiredPush, Vectors.MethodCall, Vectors.DeviceBound, "$iothub/twin/res/200/?$rid=2147483648", "", "$", "devices/dev1/messages/devicebound", "devices/other/messages/devicebound/",
    ];

    private readonly Random _random = new(seed);
    private readonly List<int> _ended = [];
    private readonly List<MethodRequest> _calls = [];
    private readonly List<C2dMessage> _messages = [];
    private int _accepted;
    private bool _connackSent;
    private int _publishedBefore;

    /// <summary>The steps so far, by number.</summary>
    public List<string> Done { get; } = [];

    /// <summary>Telemetry that the peer acknowledged.</summary>
    public int Confirmed { get; private set; }

    /// <summary>Patches that the peer stored.</summary>
    public int Stored { get; private set; }

    private bool Rarely => _random.Next(6) == 0;

    /// <summary>Plays 300 steps and ends the client.</summary>
    public void Run()
    {
        using var rig = new ClientRig(window: 3, maximumMessages: 20, keepAliveSeconds: 60, tokenLifetime: TimeSpan.FromMinutes(5));
        for (int step = 0; step < 300; step++)
        {
            Step(rig, _random.Next(18));
        }

        rig.Client.Dispose();
        Assert.Equal(Enumerable.Range(0, _accepted), _ended.Order());
    }

    private void Step(ClientRig rig, int kind)
    {
        Done.Add($"{kind}");
        int opened = rig.Hub.Opened.Count;
        switch (kind)
        {
            case >= 4 and <= 9 when !_connackSent && !(anything && Rarely && Rarely):
                break; // A peer's first packet is its CONNACK, but for a peer that does anything.
            case 0 or 1 when rig.Hub.IsOpen && (anything || !_connackSent):
                _connackSent = true;
                rig.Hub.Accept();
                break;
            case 2 when rig.Hub.IsOpen && (anything || !_connackSent) && Rarely:
                _connackSent = true;
                rig.Hub.Refuse(_random.Next(1, 256));
                break;
            case 3 when Rarely:
                rig.Hub.Lose(_random.Next(2) == 0 ? LossCause.Network : LossCause.Protocol);
                break;
            case 4:
                rig.Hub.Pong();
                break;
            case 5:
                rig.Hub.Confirm((ushort)(_random.Next(4) == 0 ? _random.Next(65_536) : rig.Hub.Published.LastOrDefault(sent => sent.PacketId > 0)?.PacketId ?? 1));
                break;
            case 6 when rig.Hub.Subscribed.Count > 0:
                rig.Hub.Grant();
                break;
            case 7 when rig.Hub.Subscribed.Count > 0 && Rarely:
                rig.Hub.Grant([.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => (byte)_random.Next(256))]);
                break;
            case 8:
                rig.Hub.Arrive(Topics[_random.Next(Topics.Length)], "{}", (ushort)_random.Next(4));
                break;
            case 9:
                Answer(rig);
                break;
            case 10 or 11:
                Send(rig);
                break;
            case 12:
                Report(rig);
                break;
            case 13:
                Register(rig);
                break;
            case 14:
                Settle(rig);
                break;
            case 15:
                rig.Hub.FreeBytes = Rarely ? _random.Next(200) : 1 << 20;
                break;
            default:
                rig.Advance(TimeSpan.FromSeconds(Rarely ? _random.Next(200) : _random.NextDouble()));
                break;
        }

        if (rig.Hub.Opened.Count != opened)
        {
            _connackSent = false;
            _publishedBefore = rig.Hub.Published.Count;
        }
    }

    /// <summary>Answers some twin request, of this connection unless anything goes.</summary>
    private void Answer(ClientRig rig)
    {
        string[] requests = [.. rig.Hub.Published.Skip(anything ? 0 : _publishedBefore).Select(sent => sent.Topic).Where(topic => topic.StartsWith("$iothub/twin/", StringComparison.Ordinal))];
        if (requests.Length > 0)
        {
            string request = requests[_random.Next(requests.Length)].Split('?')[1];
            int status = _random.Next(3) == 0 ? _random.Next(100, 600) : 200;
            rig.Hub.Arrive($"$iothub/twin/res/{status}/?{request}", _random.Next(3) == 0 ? "{}" : Vectors.Twin);
        }
    }

    private void Send(ClientRig rig)
    {
        int number = _accepted;
        bool taken = rig.Client.SendEvent(new TelemetryMessage(Encoding.UTF8.GetBytes($"{number}")), (result, _) =>
        {
            Confirmed += result is SendConfirmation.Ok ? 1 : 0;
            _ended.Add(number);
        }) is IotHubClientResult.Ok;
        _accepted += taken ? 1 : 0;
    }

    private void Report(ClientRig rig)
    {
        int number = _accepted;
        bool taken = rig.Client.SendReportedState("{}"u8, (status, _) =>
        {
            Stored += status is >= 200 and < 300 ? 1 : 0;
            _ended.Add(number);
        }) is IotHubClientResult.Ok;
        _accepted += taken ? 1 : 0;
    }

    private void Register(ClientRig rig)
    {
        bool on = _random.Next(3) > 0;
        switch (_random.Next(6))
        {
            case 0:
                rig.Client.SetDeviceTwinCallback(on ? (_, _, _) => Report(rig) : null);
                break;
            case 1:
                rig.Client.SetDeviceMethodCallback(on ? (_, _) => new MethodResponse(200, default) : null);
                break;
            case 2:
                rig.Client.SetDeviceMethodCallbackEx(on ? (request, _) => _calls.Add(request) : null);
                break;
            case 3 when Rarely:
                rig.Client.SetMessageCallback(on ? Keep : null);
                break;
            case 4:
                rig.Client.SetRetryPolicy((RetryPolicy)_random.Next(Rarely ? 0 : 1, 7), TimeSpan.FromSeconds(_random.Next(4) * 60));
                break;
            default:
                rig.Client.SetOption("keepalive", Rarely ? 30 : 60);
                break;
        }
    }

    private MessageDisposition Keep(C2dMessage message, object? context)
    {
        _messages.Add(message);
        return (MessageDisposition)_random.Next(4);
    }

    private void Settle(ClientRig rig)
    {
        if (_messages.Count > 0)
        {
            rig.Client.SendMessageDisposition(_messages[_random.Next(_messages.Count)], (MessageDisposition)_random.Next(4));
        }

        if (_calls.Count > 0)
        {
            rig.Client.DeviceMethodResponse(_calls[_random.Next(_calls.Count)], new MethodResponse(_random.Next(), default));
        }
    }
}
