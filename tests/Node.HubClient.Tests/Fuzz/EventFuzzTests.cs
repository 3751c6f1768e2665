using System.Text;
using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Fuzz;

/// <summary>Whatever a peer and a caller do in whatever order, a turn throws nothing and each message and patch ends exactly once.</summary>
public sealed class EventFuzzTests
{
    private static readonly string[] Topics =
    [
        Vectors.DesiredPush, Vectors.MethodCall, Vectors.DeviceBound, "$iothub/twin/res/200/?$rid=2147483648", "", "$", "devices/dev1/messages/devicebound", "devices/other/messages/devicebound/",
    ];

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void No_order_of_events_and_calls_tears_a_turn_and_everything_ends_once(int seed) => PlayAll(seed, anything: false);

    [Theory(Skip = "defect: see the two skipped tests below"), InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Not_even_late_answers_and_repeated_connacks_tear_a_turn(int seed) => PlayAll(seed, anything: true);

    [Fact(Skip = "defect: ReportedQueue counts an answered patch among those to be sent again and reads beyond its list")]
    public void A_late_answer_to_a_patch_that_waits_to_be_sent_again_ends_it()
    {
        using var rig = new ClientRig();
        var statuses = new List<int>();
        rig.Client.SendReportedState("{}"u8, (status, _) => statuses.Add(status));
        rig.Connect();
        string request = rig.Hub.Published[^1].Topic.Split('?')[1];
        rig.Hub.Lose();
        rig.Client.DoWork();
        rig.Hub.Accept();
        rig.Client.DoWork();

        rig.Hub.Arrive($"$iothub/twin/res/204/?{request}", ""); // The hub keeps subscriptions: it may answer before it is asked again.
        rig.Hub.Grant();
        rig.Client.DoWork();

        Assert.Equal([204], statuses);
        Assert.Single(rig.Hub.Published);
    }

    [Theory(Skip = "defect: a CONNACK on a connection that is accepted already leaves DoWork as UnreachableException"), InlineData(0), InlineData(5)]
    public void A_second_connack_is_the_end_of_the_connection_and_no_exception(int code)
    {
        using var rig = new ClientRig();
        rig.Connect();
        if (code == 0)
        {
            rig.Hub.Accept();
        }
        else
        {
            rig.Hub.Refuse(code);
        }

        rig.Client.DoWork(); // MQTT 3.1.1 section 3.2: a server sends CONNACK once.

        Assert.Equal(ConnectionStatusReason.CommunicationError, rig.Statuses[^1].Reason);
    }

    private static void PlayAll(int seed, bool anything)
    {
        int confirmed = 0;
        int stored = 0;
        for (int run = 0; run < 1_000; run++)
        {
            var play = new Play((seed * 1_000) + run, anything);
            Exception? thrown = Record.Exception(play.Run);

            Assert.True(thrown is null, $"seed {seed}, run {run}: {string.Join(", ", play.Done.TakeLast(12))} gave {thrown}");
            confirmed += play.Confirmed;
            stored += play.Stored;
        }

        Assert.True(confirmed > 2_000 && stored > 1_000, $"{confirmed} confirmed, {stored} stored: too little came about");
    }

    private sealed class Play(int seed, bool anything)
    {
        private readonly Random _random = new(seed);
        private readonly List<int> _ended = [];
        private readonly List<MethodRequest> _calls = [];
        private readonly List<C2dMessage> _messages = [];
        private int _accepted;
        private bool _connackSent;
        private int _publishedBefore;

        public List<string> Done { get; } = [];

        public int Confirmed { get; private set; }

        public int Stored { get; private set; }

        private bool Rarely => _random.Next(6) == 0;

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
}
