namespace HubEmulator.Uploads;

/// <summary>The uploads of one device: those in progress, and the ids of the last that are over. Safe for any number of threads.</summary>
internal sealed class DeviceUploads
{
    /// <summary>Uploads of one device in progress, each from its address to its report or the end of its token.</summary>
    public const int MostInProgress = 10;

    private const int MostRemembered = 100;

    private readonly Lock _guard = new();
    private readonly Dictionary<string, UploadTicket> _inProgress = new(StringComparer.Ordinal);
    private readonly Queue<string> _over = new();

    /// <returns>False when too many are in progress.</returns>
    public bool TryBegin(UploadTicket ticket, DateTimeOffset now)
    {
        lock (_guard)
        {
            DropExpired(now);
            return _inProgress.Count < MostInProgress && _inProgress.TryAdd(ticket.CorrelationId, ticket);
        }
    }

    /// <summary>Ends an upload if the check lets it end; otherwise it stays in progress.</summary>
    /// <param name="correlationId">Which.</param>
    /// <param name="now">The instant of the report.</param>
    /// <param name="check">Judges the report of an upload that is in progress.</param>
    public UploadEnding End(string correlationId, DateTimeOffset now, Func<UploadTicket, UploadEnding> check)
    {
        lock (_guard)
        {
            DropExpired(now);
            if (!_inProgress.TryGetValue(correlationId, out UploadTicket? ticket))
            {
                return _over.Contains(correlationId) ? UploadEnding.Over : UploadEnding.Unknown;
            }

            UploadEnding ending = check(ticket);
            if (ending == UploadEnding.Taken)
            {
                MoveToOver(correlationId);
            }

            return ending;
        }
    }

    private void DropExpired(DateTimeOffset now)
    {
        foreach (UploadTicket expired in _inProgress.Values.Where(ticket => ticket.Expires <= now).ToArray())
        {
            MoveToOver(expired.CorrelationId);
        }
    }

    private void MoveToOver(string correlationId)
    {
        _inProgress.Remove(correlationId);
        _over.Enqueue(correlationId);
        if (_over.Count > MostRemembered)
        {
            _over.Dequeue();
        }
    }
}
