namespace Node.HubClient.Connection;

/// <summary>
/// Keep-alive (MQTT 3.1.1 section 3.1.2.10): a ping goes out when nothing else did for the period, or when nothing came back for as long, since
/// what is sent without being answered proves no link. It must be answered within half the period, 80 s at most; whatever arrives after it
/// counts as its answer.
/// </summary>
internal sealed class Heartbeat(TimeProvider clock)
{
    private static readonly TimeSpan AnswerCap = TimeSpan.FromSeconds(80);
    private long _sentAt;
    private long _receivedAt;
    private long _pingedAt;

    /// <summary>Time without sending after which a ping is due; zero for never.</summary>
    public TimeSpan Period { get; set; }

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

    /// <summary>Something arrived.</summary>
    public void Received(long now) => _receivedAt = now;

    /// <summary>The ping was answered.</summary>
    public void Answered() => AwaitsAnswer = false;

    /// <summary>Whether a ping is due now.</summary>
    public bool IsDue(long now) => Period > TimeSpan.Zero && !AwaitsAnswer && clock.GetElapsedTime(Oldest, now) >= Period;

    /// <summary>Whether the peer has been silent for too long after a ping.</summary>
    public bool IsOverdue(long now) => AwaitsAnswer && _receivedAt < _pingedAt && clock.GetElapsedTime(_pingedAt, now) >= AnswerTimeout;

    /// <summary>A ping went out.</summary>
    public void Pinged(long now)
    {
        AwaitsAnswer = true;
        _pingedAt = now;
        _sentAt = now;
    }

    /// <summary>Time until a ping or its absence is due; null without keep-alive.</summary>
    public TimeSpan? NextDue(long now)
    {
        if (Period == TimeSpan.Zero)
        {
            return null;
        }

        TimeSpan left = AwaitsAnswer ? AnswerTimeout - clock.GetElapsedTime(_pingedAt, now) : Period - clock.GetElapsedTime(Oldest, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
