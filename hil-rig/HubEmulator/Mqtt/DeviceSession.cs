using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace HubEmulator.Mqtt;

/// <summary>
/// The one session of a device: its subscriptions, which outlive connections made with clean session 0, and the connection of the moment.
/// What is published to a device without connection or subscription is gone; the session stores no messages.
/// </summary>
internal sealed class DeviceSession
{
    private readonly Lock _guard = new();
    private Dictionary<string, MqttQualityOfServiceLevel> _subscriptions = new(StringComparer.Ordinal);
    private bool _isStored;
    private bool _servesMethods;
    private DeviceLink? _link;
    private TaskCompletionSource? _methodsTaken; // set while a method call waits for the device

    public bool IsConnected
    {
        get
        {
            lock (_guard)
            {
                return _link is not null;
            }
        }
    }

    /// <summary>When the device last connected or lost its connection; null when it never did.</summary>
    public DateTimeOffset? ConnectionChanged { get; private set; }

    /// <summary>The Plug and Play model that the last connection named.</summary>
    public string? ModelId { get; private set; }

    /// <summary>Makes a connection the current one, answers its CONNECT, and closes the one it displaces.</summary>
    /// <param name="link">The new connection.</param>
    /// <param name="clean">True forgets stored subscriptions, now and when the connection ends.</param>
    /// <param name="admission">What the CONNECT settled. Without an API version method calls do not reach the client.</param>
    /// <param name="now">The instant of the connection.</param>
    public void Attach(DeviceLink link, bool clean, Admission admission, DateTimeOffset now)
    {
        DeviceLink? displaced;
        lock (_guard)
        {
            displaced = _link;
            if (clean || !_isStored)
            {
                _subscriptions = new Dictionary<string, MqttQualityOfServiceLevel>(StringComparer.Ordinal);
            }

            link.Send(new MqttConnAckPacket { ReturnCode = MqttConnectReturnCode.ConnectionAccepted, IsSessionPresent = !clean && _isStored });
            _isStored = !clean;
            _servesMethods = admission.HasApiVersion;
            _link = link;
            ModelId = admission.Source.ModelId;
            ConnectionChanged = now;
            WakeMethodCallers();
        }

        displaced?.Close(CloseReason.TakenOver);
    }

    /// <summary>Ends a connection's part; a newer connection's is left alone.</summary>
    public void Detach(DeviceLink link, DateTimeOffset now)
    {
        lock (_guard)
        {
            if (_link == link)
            {
                _link = null;
                ConnectionChanged = now;
            }
        }
    }

    public void DropConnection(CloseReason reason)
    {
        DeviceLink? link;
        lock (_guard)
        {
            link = _link;
        }

        link?.Close(reason);
    }

    /// <summary>Adds or renews a subscription and returns the granted quality of service, at most 1.</summary>
    public MqttQualityOfServiceLevel Subscribe(DeviceLink link, string filter, MqttQualityOfServiceLevel wanted)
    {
        MqttQualityOfServiceLevel granted = wanted == MqttQualityOfServiceLevel.AtMostOnce ? wanted : MqttQualityOfServiceLevel.AtLeastOnce;
        lock (_guard)
        {
            if (_link == link)
            {
                _subscriptions[filter] = granted;
            }
        }

        return granted;
    }

    /// <summary>True when a subscription would be new; only the current connection makes any.</summary>
    public bool IsNewSubscription(DeviceLink link, string filter)
    {
        lock (_guard)
        {
            return _link == link && !_subscriptions.ContainsKey(filter);
        }
    }

    public void Unsubscribe(DeviceLink link, string filter)
    {
        lock (_guard)
        {
            if (_link == link)
            {
                _subscriptions.Remove(filter);
            }
        }
    }

    /// <summary>Lets waiting method calls go out; asked after the answer to a SUBSCRIBE, so that no call precedes it.</summary>
    public void AnnounceSubscriptions()
    {
        lock (_guard)
        {
            WakeMethodCallers();
        }
    }

    /// <summary>Publishes to the connected device if it has subscribed to the filter.</summary>
    /// <param name="filter">The subscription that must exist.</param>
    /// <param name="topic">The topic to publish to.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="only">When not null, the only connection that may get it: that of the request which it answers.</param>
    /// <returns>True when it was handed to the connection.</returns>
    public bool TryPublish(string filter, string topic, ReadOnlyMemory<byte> payload, DeviceLink? only = null)
    {
        lock (_guard)
        {
            if (_link is null || (only is not null && only != _link) || !_subscriptions.TryGetValue(filter, out MqttQualityOfServiceLevel granted))
            {
                return false;
            }

            _link.Publish(topic, payload, IsAcknowledged(granted));
            return true;
        }
    }

    /// <summary>Runs an action that publishes to the connected device, if it has subscribed to the filter; nothing else reaches the connection meanwhile.</summary>
    /// <param name="filter">The subscription that must exist.</param>
    /// <param name="publish">Gets the connection, and whether the subscription was granted acknowledgements, QoS 1.</param>
    public void WhileSubscribed(string filter, Action<DeviceLink, bool> publish)
    {
        lock (_guard)
        {
            if (_link is not null && _subscriptions.TryGetValue(filter, out MqttQualityOfServiceLevel granted))
            {
                publish(_link, IsAcknowledged(granted));
            }
        }
    }

    /// <summary>Hands a method call to the connected and subscribed device, always at QoS 0.</summary>
    public bool TryCallMethod(string topic, ReadOnlyMemory<byte> payload)
    {
        lock (_guard)
        {
            if (!AcceptsMethods)
            {
                return false;
            }

            _link!.Publish(topic, payload, acknowledged: false);
            return true;
        }
    }

    /// <summary>Completes when the device may have become able to take method calls.</summary>
    public Task WhenMethodsMayBeTaken(CancellationToken cancellationToken)
    {
        lock (_guard)
        {
            if (AcceptsMethods)
            {
                return Task.CompletedTask;
            }

            _methodsTaken ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _methodsTaken.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The stored subscriptions as they are remembered on disk; null when no session is stored.</summary>
    public Dictionary<string, int>? ToRecord()
    {
        lock (_guard)
        {
            return _isStored ? _subscriptions.ToDictionary(pair => pair.Key, pair => (int)pair.Value, StringComparer.Ordinal) : null;
        }
    }

    public static DeviceSession FromRecord(Dictionary<string, int>? record)
    {
        var session = new DeviceSession { _isStored = record is not null };
        foreach ((string filter, int granted) in record ?? [])
        {
            session._subscriptions[filter] = granted == 0 ? MqttQualityOfServiceLevel.AtMostOnce : MqttQualityOfServiceLevel.AtLeastOnce;
        }

        return session;
    }

    private bool AcceptsMethods => _link is not null && _servesMethods && _subscriptions.ContainsKey(DeviceFilter.MethodCalls);

    private static bool IsAcknowledged(MqttQualityOfServiceLevel granted) => granted != MqttQualityOfServiceLevel.AtMostOnce;

    private void WakeMethodCallers()
    {
        if (AcceptsMethods)
        {
            _methodsTaken?.SetResult();
            _methodsTaken = null;
        }
    }
}
