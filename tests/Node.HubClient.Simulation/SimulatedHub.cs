using System.Globalization;
using System.Text;

namespace Node.HubClient.Simulation;

/// <summary>The hub of the simulation: what it stores is the truth that the client is measured against.</summary>
internal sealed class SimulatedHub(VirtualClock clock, Network network, Random random, Timeline timeline, SimulatedMessages messages)
{
    private const string ResponseFilter = "$iothub/twin/res/#";
    private const string DesiredFilter = "$iothub/twin/PATCH/properties/desired/#";
    private const string MethodFilter = "$iothub/methods/POST/#";
    private static readonly TimeSpan TokenGrace = TimeSpan.FromMinutes(5);
    private long _nextCall = 1;
    private Connection? _accepted;

    /// <summary>Numbers of the telemetry that arrived, in the order of first arrival.</summary>
    public List<long> Arrived { get; } = [];

    /// <summary>The same as a set.</summary>
    public HashSet<long> Stored { get; } = [];

    /// <summary>Version of the desired section; its only property holds the same number.</summary>
    public long DesiredVersion { get; private set; } = 1;

    /// <summary>The last reported number.</summary>
    public long Reported { get; private set; }

    /// <summary>Answers of methods by call.</summary>
    public Dictionary<string, int> Answers { get; } = [];

    /// <summary>Calls that reached the wire of a connection which still stands.</summary>
    public Dictionary<string, Connection> OpenCalls { get; } = [];

    /// <summary>Refuses CONNECT with this code; 0 accepts.</summary>
    public byte RefuseWith { get; set; }

    /// <summary>Extra time before each PUBACK.</summary>
    public TimeSpan AcknowledgeDelay { get; set; }

    /// <summary>Withholds PUBACKs.</summary>
    public bool IsMute { get; set; }

    /// <summary>Chance of each PUBACK coming twice.</summary>
    public double DuplicateChance { get; set; }

    /// <summary>Chance of a twin request failing with 429, 500 or silence, and of a push going missing.</summary>
    public double TwinTroubleChance { get; set; }

    /// <summary>Chance of a refused filter.</summary>
    public double RefuseFilterChance { get; set; }

    /// <summary>When the next packet arrives; null when none is under way.</summary>
    public TimeSpan? NextArrival => network.Current is { Up.Count: > 0, IsCut: false } connection ? connection.Up.Peek().At : null;

    /// <summary>No faults from now on.</summary>
    public void Heal()
    {
        RefuseWith = 0;
        AcknowledgeDelay = TimeSpan.Zero;
        IsMute = false;
        DuplicateChance = 0;
        TwinTroubleChance = 0;
        RefuseFilterChance = 0;
    }

    /// <summary>Ends the present connection, as a restart, a takeover or a disabled device does.</summary>
    public void Drop()
    {
        if (network.Current is { } connection)
        {
            connection.IsCut = true;
            connection.IsDropped = connection.IsAccepted && !connection.IsSwallowing;
        }
    }

    /// <summary>Takes what has arrived.</summary>
    public void Work()
    {
        while (network.Current is { IsCut: false } connection && connection.Up.TryPeek(out Packet? packet) && packet.At <= clock.Now)
        {
            connection.Up.Dequeue();
            Handle(connection, packet);
        }
    }

    /// <summary>A change from the service side.</summary>
    public void ChangeDesired()
    {
        DesiredVersion++;
        timeline.Note("desired version", DesiredVersion);
        bool lost = random.NextDouble() < TwinTroubleChance; // QoS 0: a push may go missing on a connection that stands.
        if (!lost && _accepted is { } connection && connection.Granted.Contains(DesiredFilter))
        {
            connection.SendDown(3, 0, $"$iothub/twin/PATCH/properties/desired/?$version={DesiredVersion}", Json($$"""{"value":{{DesiredVersion}},"$version":{{DesiredVersion}}}"""));
        }
    }

    /// <summary>A call from the service side.</summary>
    public void CallMethod()
    {
        if (_accepted is { IsClosed: false, IsCut: false, IsSwallowing: false } connection && connection.Granted.Contains(MethodFilter))
        {
            string call = (_nextCall++).ToString("x", CultureInfo.InvariantCulture);
            OpenCalls[call] = connection;
            connection.SendDown(3, 0, $"$iothub/methods/POST/toggle/?$rid={call}", Json("{}"));
        }
    }

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);

    private void Handle(Connection connection, Packet packet)
    {
        switch (packet.Type)
        {
            case 1:
                Accept(connection, packet.Topic);
                break;
            case 3:
                TakePublish(connection, packet);
                break;
            case 4:
                messages.Acknowledge(connection, packet.Id);
                break;
            case 8:
                Grant(connection, packet);
                break;
            case 10:
                connection.SendDown(11, packet.Id, "", []);
                break;
            case 12:
                connection.SendDown(13, 0, "", []);
                break;
            case 14:
                _accepted = _accepted == connection ? null : _accepted;
                break;
        }
    }

    private void Accept(Connection connection, string token)
    {
        long expiry = long.Parse(token[(token.LastIndexOf("se=", StringComparison.Ordinal) + 3)..], CultureInfo.InvariantCulture);
        bool stale = DateTimeOffset.FromUnixTimeSeconds(expiry) + TokenGrace < clock.TrueTime;
        byte code = stale ? (byte)5 : RefuseWith;
        timeline.Note("CONNACK", code);
        connection.SendDown(2, code, "", []);
        if (code == 0)
        {
            connection.IsAccepted = true;
            _accepted = connection;
        }
    }

    private void Grant(Connection connection, Packet packet)
    {
        bool refuse = random.NextDouble() < RefuseFilterChance;
        foreach (string filter in packet.Filters)
        {
            connection.Granted.Add(filter);
        }

        connection.SendDown(9, packet.Id, "", [.. packet.Filters.Select(_ => refuse ? (byte)0x80 : (byte)0)]);
        if (!refuse && packet.Filters.Contains(SimulatedMessages.Filter))
        {
            messages.Begin(connection);
        }
    }

    private void TakePublish(Connection connection, Packet packet)
    {
        if (packet.Topic.StartsWith("devices/", StringComparison.Ordinal))
        {
            TakeTelemetry(connection, packet);
        }
        else if (packet.Topic.StartsWith("$iothub/twin/GET/", StringComparison.Ordinal))
        {
            AnswerTwin(connection, packet.Topic, 200, $$$"""{"desired":{"value":{{{DesiredVersion}}},"$version":{{{DesiredVersion}}}},"reported":{"$version":1}}""");
        }
        else if (packet.Topic.StartsWith("$iothub/twin/PATCH/", StringComparison.Ordinal))
        {
            Reported = long.Parse(Encoding.UTF8.GetString(packet.Payload)[5..^1], CultureInfo.InvariantCulture);
            AnswerTwin(connection, packet.Topic, 204, "");
        }
        else
        {
            string call = packet.Topic[(packet.Topic.LastIndexOf('=') + 1)..];
            Answers[call] = Answers.GetValueOrDefault(call) + 1;
        }
    }

    private void TakeTelemetry(Connection connection, Packet packet)
    {
        long number = long.Parse(Encoding.UTF8.GetString(packet.Payload), CultureInfo.InvariantCulture);
        if (Stored.Add(number))
        {
            Arrived.Add(number);
        }

        if (!IsMute)
        {
            connection.SendDown(4, packet.Id, "", [], AcknowledgeDelay);
            if (random.NextDouble() < DuplicateChance)
            {
                connection.SendDown(4, packet.Id, "", [], AcknowledgeDelay);
            }
        }
    }

    private void AnswerTwin(Connection connection, string topic, int status, string body)
    {
        if (!connection.Granted.Contains(ResponseFilter))
        {
            return;
        }

        double luck = random.NextDouble();
        string requestId = topic[(topic.IndexOf("$rid=", StringComparison.Ordinal) + 5)..];
        if (luck < TwinTroubleChance / 2 && status == 200)
        {
            connection.SendDown(3, 0, $"$iothub/twin/res/{(luck < TwinTroubleChance / 4 ? 429 : 500)}/?$rid={requestId}", Json("""{"errorCode":429001}"""));
        }
        else if (luck >= TwinTroubleChance)
        {
            connection.SendDown(3, 0, $"$iothub/twin/res/{status}/?$rid={requestId}", Json(body));
        }
    }
}
