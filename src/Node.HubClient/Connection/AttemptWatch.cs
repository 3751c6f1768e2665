namespace Node.HubClient.Connection;

/// <summary>
/// Bounds an attempt to connect. It ends when nothing has moved for the time-out: who turns every few seconds only gets there all the same, one step
/// in each turn. However steadily it creeps on, four time-outs are the end, once it has had turns enough for every step.
/// </summary>
internal sealed class AttemptWatch(TimeProvider clock)
{
    private const int LongestInTimeouts = 4;
    private const int TurnsForEveryStep = 16; // Name, TCP, tunnel, TLS, upgrade, CONNACK, and room for answers that come in pieces.
    private long _progress;
    private int _turns;

    /// <summary>When it began.</summary>
    public long BeganAt { get; private set; }

    /// <summary>When it last got on.</summary>
    public long MovedAt { get; private set; }

    /// <summary>An attempt begins.</summary>
    public void Begin(long now)
    {
        BeganAt = now;
        MovedAt = now;
        _progress = 0;
        _turns = 0;
    }

    /// <summary>A turn of it: whether it is over.</summary>
    /// <param name="progress">How far the transport has got: <see cref="IMqttTransport.Progress"/>.</param>
    /// <param name="timeout">The time-out.</param>
    /// <param name="now">The turn's instant.</param>
    public bool IsOverdue(long progress, TimeSpan timeout, long now)
    {
        _turns++;
        if (progress != _progress)
        {
            _progress = progress;
            MovedAt = now;
        }

        bool mayCreep = _turns < TurnsForEveryStep || clock.GetElapsedTime(BeganAt, now) < timeout * LongestInTimeouts;
        return clock.GetElapsedTime(mayCreep ? MovedAt : BeganAt, now) >= timeout;
    }
}
