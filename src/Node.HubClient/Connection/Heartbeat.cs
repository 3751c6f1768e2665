namespace Node.HubClient.Connection;

/// <summary>
/// Keep-alive (MQTT 3.1.1 section 3.1.2.10): a ping goes out when nothing else did for the period, or when nothing came back for as long, since
/// what is sent without being answered proves no link. It must be answered within half the period, 80 s at most; whatever arrives after it
/// counts as its answer, and then the next ping asks again.
/// </summary>
internal sealed class Heartbeat(TimeProvider clock)
{
    private static readonly TimeSpan AnswerCap = TimeSpan.FromSeconds(80);
    private long _sentAt;
    private long _receivedAt;
    private long _pingedAt;
    private long _period;
    private long _answer;

    /// <summary>Time without sending after which a ping is due; zero for never.</summary>
    public TimeSpan Period
    {
        get;
        set
        {
            field = value;
            _period = Ticks(value);
            _answer = Ticks(AnswerTimeout);
        }
    }

    private long Oldest => Math.Min(_sentAt, _receivedAt);

    /// <summary>Whether a ping is unanswered.</summary>
    public bool AwaitsAnswer { get; private set; }

    /// <summary>How long a ping may go unanswered.</summary>
    public TimeSpan AnswerTimeout => Period / 2 < AnswerCap ? Period / 2 : AnswerCap;

    /// <summary>A new connection.</summary>
    public void Begin(long now)
    {
        AwaitsAnswer = false;
        _sentAt = now;
        _receivedAt = now;
    }

    /// <summary>Something was sent.</summary>
    public void Sent(long now) => _sentAt = now;

    /// <summary>Something arrived: the answer to a ping, or as good as one.</summary>
    public void Received(long now)
    {
        _receivedAt = now;
        AwaitsAnswer = false;
    }

    /// <summary>Whether a ping is due now.</summary>
    public bool IsDue(long now) => _period > 0 && !AwaitsAnswer && now - Oldest >= _period;

    /// <summary>Whether the peer has been silent for too long after a ping.</summary>
    public bool IsOverdue(long now) => AwaitsAnswer && now - _pingedAt >= _answer;

    /// <summary>A ping went out.</summary>
    public void Pinged(long now)
    {
        AwaitsAnswer = true;
        _pingedAt = now;
        _sentAt = now;
    }

    /// <summary>The instant at which a ping or its absence is due; <see cref="long.MaxValue"/> without keep-alive.</summary>
    public long DueAt => _period == 0 ? long.MaxValue : AwaitsAnswer ? _pingedAt + _answer : Oldest + _period;

    /// <summary>Time until then; null without keep-alive.</summary>
    public TimeSpan? NextDue(long now) => DueAt == long.MaxValue ? null : DueAt <= now ? TimeSpan.Zero : clock.GetElapsedTime(now, DueAt);

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
