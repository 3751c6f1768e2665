namespace Node.HubClient.Simulation;

/// <summary>
/// One run from one seed: the client's core on a virtual clock, with a hub, a network and an application that misbehave by
/// turns. After the faults the weather clears, and everything must converge.
/// </summary>
public sealed class SimulatedRun : IDisposable
{
    private static readonly TimeSpan Convergence = TimeSpan.FromMinutes(40); // A refused identity may wait 15 minutes, spread by 10 %, twice.
    private static readonly TimeSpan TwinConvergence = TimeSpan.FromSeconds(150); // An unanswered request is given up after 60 s and repeated at most 60 s later; tokens renew at 192 s.
    private static readonly TimeSpan Cadence = TimeSpan.FromMilliseconds(100);

    private readonly int _seed;
    private readonly SimulationOptions _options;
    private readonly VirtualClock _clock = new();
    private readonly Random _random;
    private readonly Network _network;
    private readonly Timeline _timeline;
    private readonly SimulatedHub _hub;
    private readonly Invariants _invariants;
    private readonly DeviceApplication _device;
    private readonly SimulatedMessages _messages;
    private readonly MessageReader _reader;
    private readonly Random _service;
    private TimeSpan _faultEnds;

    internal SimulatedRun(int seed, SimulationOptions options)
    {
        _seed = seed;
        _options = options;
        _random = new Random(seed);
        _service = new Random(~seed);
        _timeline = new Timeline(_clock);
        _network = new Network(_clock, _random, _timeline);
        _invariants = new Invariants(_clock, _network, _timeline, options.Window);
        _messages = new SimulatedMessages(_invariants);
        _reader = new MessageReader(_messages, _network, _invariants);
        _hub = new SimulatedHub(_clock, _network, _random, _timeline, _messages);
        _device = new DeviceApplication(_clock, _network, _hub, _invariants, _timeline, options, _reader);
    }

    /// <summary>Turns of the client so far.</summary>
    public long Turns { get; private set; }

    /// <summary>Messages that reached the hub.</summary>
    public int Arrived => _hub.Arrived.Count;

    /// <summary>Runs to the end.</summary>
    /// <exception cref="SimulationException">An invariant did not hold.</exception>
    public void Run()
    {
        _device.Start(_seed);
        while (_clock.Now < _options.Duration)
        {
            ChangeTheWeather();
            UseTheClient();
            UseMessages();
            Step();
        }

        _timeline.Note("the weather clears");
        _network.Heal();
        _hub.Heal();
        _clock.WallError = TimeSpan.Zero;
        _hub.ChangeDesired(); // A push that went missing shows with the next one.
        TimeSpan end = _clock.Now + Convergence;
        TimeSpan connectedSince = _clock.Now;
        while (_clock.Now < end && !HasConverged)
        {
            _reader.SettleKept(_device.Client);
            Step();
            connectedSince = _invariants.IsAuthenticated ? connectedSince : _clock.Now;
            if (_clock.Now - connectedSince > TwinConvergence && _device.Desired != _hub.DesiredVersion)
            {
                _invariants.Break($"connected for {TwinConvergence.TotalSeconds} s in clear weather, and the device's desired version is {_device.Desired}, the hub's {_hub.DesiredVersion}");
            }
        }

        CheckConvergence();
        _device.Dispose();
        ThrowIfBroken();
    }

    /// <inheritdoc />
    public void Dispose() => _device.Dispose();

    private bool HasConverged =>
        _invariants.IsAuthenticated && _device.Unconfirmed == 0 && _device.Desired == _hub.DesiredVersion && _hub.Reported == _device.Reported && _reader.Outstanding == 0
        && !_hub.OpenCalls.Any(call => IsStanding(call.Value) && _hub.Answers.GetValueOrDefault(call.Key) == 0);

    /// <summary>Whether a connection has never been broken, so that what was sent on it must have arrived.</summary>
    private bool IsStanding(Connection connection) =>
        connection == _network.Current && !connection.IsSwallowing && !connection.IsClosed && !connection.IsCut;

    private void Step()
    {
        _hub.Work();
        WorkStatus status = _device.Client.DoWork();
        Turns++;
        _invariants.Check(_hub);
        ThrowIfBroken();
        _clock.AdvanceTo(NextInstant(status));
    }

    /// <summary>The next moment at which something can happen; quiet stretches are skipped.</summary>
    private TimeSpan NextInstant(WorkStatus status)
    {
        TimeSpan next = _clock.Now + TimeSpan.FromSeconds(2);
        next = Earlier(next, _hub.NextArrival);
        next = Earlier(next, _device.NextArrival);
        next = status.MoreToDo ? _clock.Now : status.NextDue >= TimeSpan.Zero ? Earlier(next, _clock.Now + status.NextDue) : next;
        TimeSpan soonest = _clock.Now + (Cadence * _random.NextDouble()) + TimeSpan.FromMilliseconds(1);
        return next > soonest ? next : soonest;
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan? other) => other is { } second && second < one ? second : one;

    private void UseTheClient()
    {
        double luck = _random.NextDouble();
        if (luck < 0.35)
        {
            for (int burst = _random.Next(1, luck < 0.02 ? 40 : 3); burst > 0; burst--)
            {
                _device.Send();
            }
        }
        else if (luck < 0.45)
        {
            _device.Report();
        }
        else if (luck < 0.55)
        {
            _hub.ChangeDesired();
        }
        else if (luck < 0.62)
        {
            _hub.CallMethod();
        }
    }

    private void UseMessages()
    {
        if (_service.NextDouble() < 0.1)
        {
            _messages.Send();
        }

        if (_service.NextDouble() < 0.2)
        {
            _reader.SettleKept(_device.Client);
        }
    }

    private void ChangeTheWeather()
    {
        if (_clock.Now < _faultEnds || _random.NextDouble() > 0.05)
        {
            return;
        }

        _network.Heal();
        _hub.Heal();
        _clock.WallError = TimeSpan.Zero;
        _faultEnds = _clock.Now + (TimeSpan.FromSeconds(_random.NextDouble() < 0.1 ? 200 : 20) * _random.NextDouble());
        int fault = _random.Next(15);
        _timeline.Note("fault", fault);
        Begin(fault);
    }

    private void Begin(int fault)
    {
        switch (fault)
        {
            case 0:
                _network.IsDown = true;
                _hub.Drop();
                break;
            case 1:
                _network.IsBlackHole = true;
                _hub.Drop();
                break;
            case 2:
                _hub.Drop();
                break;
            case 3:
                if (_network.Current is { } open)
                {
                    open.IsSwallowing = true;
                }

                break;
            case 4:
                _hub.RefuseWith = (byte)_random.Next(1, 7);
                _hub.Drop();
                break;
            case 5:
                _hub.AcknowledgeDelay = TimeSpan.FromSeconds(5 * _random.NextDouble());
                break;
            case 6:
                _hub.IsMute = true;
                break;
            case 7:
                _hub.DuplicateChance = 0.5;
                break;
            case 8:
                _hub.TwinTroubleChance = 0.8;
                break;
            case 9:
                _hub.RefuseFilterChance = 0.7;
                _hub.Drop();
                break;
            case 10:
                _network.IsStalled = true;
                break;
            case 11:
                _network.Latency = TimeSpan.FromSeconds(3);
                break;
            case 12:
                _clock.WallError = TimeSpan.FromHours(_random.Next(-48, 48));
                break;
            case 13:
                _clock.WallError = TimeSpan.FromDays(-365 * 30);
                _hub.Drop();
                break;
            case 14:
                _device.Crash(_random.Next());
                break;
        }
    }

    private void CheckConvergence()
    {
        if (_device.Unconfirmed > 0)
        {
            _invariants.Break($"{_device.Unconfirmed} messages were never confirmed");
        }

        if (_reader.Outstanding > 0)
        {
            _invariants.Break($"{_reader.Outstanding} cloud-to-device messages were never acknowledged");
        }

        if (_device.Desired != _hub.DesiredVersion)
        {
            _invariants.Break($"the device's desired version is {_device.Desired}, the hub's {_hub.DesiredVersion}");
        }

        if (_hub.Reported != _device.Reported)
        {
            _invariants.Break($"the hub's reported number is {_hub.Reported}, the device's {_device.Reported}");
        }

        foreach ((string call, Connection connection) in _hub.OpenCalls)
        {
            int answers = _hub.Answers.GetValueOrDefault(call);
            if (answers > 1 || (answers == 0 && IsStanding(connection)))
            {
                _invariants.Break($"method call {call} was answered {answers} times");
            }
        }
    }

    private void ThrowIfBroken()
    {
        if (_invariants.Broken is { } broken)
        {
            throw new SimulationException($"Seed {_seed}: {broken}. The last events:\n{_timeline}");
        }
    }
}
