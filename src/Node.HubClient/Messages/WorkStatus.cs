namespace Node.HubClient;

/// <summary>What a turn left behind, so that a scheduler knows when the next one pays.</summary>
/// <param name="MoreToDo">The turn stopped at its bound with work left: call again at once.</param>
/// <param name="AwaitingAnswers">Something is due from the peer (a handshake step, an acknowledgement): keep the cadence quick.</param>
/// <param name="NextDue">
/// Time until a turn is needed even if nothing arrives and nothing is queued (a retry, a ping, a time-out);
/// <see cref="Timeout.InfiniteTimeSpan"/> when there is no such moment.
/// </param>
public readonly record struct WorkStatus(bool MoreToDo, bool AwaitingAnswers, TimeSpan NextDue)
{
    /// <summary>Nothing is queued, nothing is due from the peer.</summary>
    public bool IsIdle => !MoreToDo && !AwaitingAnswers;

    /// <summary>The same, needed no later than after this time; null leaves it as it is.</summary>
    internal WorkStatus Within(TimeSpan? due) => due is { } time && (NextDue == Timeout.InfiniteTimeSpan || time < NextDue) ? this with { NextDue = time } : this;
}
