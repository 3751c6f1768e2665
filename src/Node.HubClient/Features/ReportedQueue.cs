using Node.HubClient.Connection;
using Node.HubClient.Dialect;

namespace Node.HubClient.Features;

/// <summary>
/// Reported patches from acceptance to the hub's answer, in order. What a lost connection left unanswered goes out again on the next
/// one: merge patches may be repeated, and an answer that was under way is never known to be lost.
/// </summary>
internal sealed class ReportedQueue(HubDialect dialect, TimeProvider clock, Defect defect = Defect.None)
{
    /// <summary>Status of a patch without an answer.</summary>
    public const int Unanswered = 408;

    private const int NeverSent = 0;
    private const int Window = 10;
    private const int MaximumPatches = 1_000;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(300);

    private readonly Lock _gate = new();
    private readonly Queue<Patch> _waiting = new();
    private readonly List<Patch> _inFlight = [];
    private int _resend; // patches at the head of the list not yet sent on this connection
    private bool _closed;
    private int _waitingCount;

    /// <summary>Whether an answer is due.</summary>
    public bool AwaitsAnswer => _inFlight.Count > 0;

    /// <summary>Whether a patch waits.</summary>
    public bool HasWaiting => Volatile.Read(ref _waitingCount) > 0;

    /// <summary>Whether a patch could go out now.</summary>
    public bool HasUnsent => HasWaiting && _inFlight.Count < Window;

    /// <summary>Copies and accepts a patch. Any thread.</summary>
    public IotHubClientResult Enqueue(ReadOnlySpan<byte> json, ReportedStateCallback? callback, object? context)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return IotHubClientResult.Error;
            }

            if (_waiting.Count >= MaximumPatches)
            {
                return IotHubClientResult.QueueFull;
            }

            _waiting.Enqueue(new Patch(json.ToArray(), callback, context));
            Volatile.Write(ref _waitingCount, _waiting.Count);
            return IotHubClientResult.Ok;
        }
    }

    /// <summary>
    /// A new connection: everything unanswered goes out again, but for patches that a later one's answer has overtaken. The hub had them
    /// first, and sending them now would put their values over the newer ones.
    /// </summary>
    public void BeginConnection(Callbacks callbacks)
    {
        while (_inFlight.Find(patch => patch.IsOvertaken) is { } overtaken)
        {
            TryComplete(overtaken.RequestId, Unanswered, callbacks);
        }

        _resend = defect is Defect.NoReportedResend ? 0 : _inFlight.Count;
    }

    /// <summary>Publishes what the window and the transport take.</summary>
    /// <param name="transport">Where to.</param>
    /// <param name="nextRequestId">Counts the requests.</param>
    /// <param name="onlyOld">Whether to leave new patches waiting.</param>
    /// <param name="now">The turn's instant.</param>
    public void Publish(IMqttTransport transport, ref int nextRequestId, bool onlyOld, long now)
    {
        while (_resend > 0 && Send(transport, _inFlight[^_resend], ref nextRequestId, now))
        {
            _resend--;
        }

        while (_resend == 0 && !onlyOld && _inFlight.Count < Window && HasWaiting && TryPeek(out Patch? next) && Send(transport, next, ref nextRequestId, now))
        {
            _inFlight.Add(next);
            lock (_gate)
            {
                _waiting.Dequeue();
                Volatile.Write(ref _waitingCount, _waiting.Count);
            }
        }
    }

    /// <summary>Completes the patch with this request id; false when it is none of ours.</summary>
    public bool TryComplete(int requestId, int status, Callbacks callbacks)
    {
        int index = _inFlight.FindIndex(patch => patch.RequestId == requestId);
        if (index < 0)
        {
            return false;
        }

        Patch patch = _inFlight[index];
        _resend -= index >= _inFlight.Count - _resend ? 1 : 0; // Answered late, on the connection after: it need not go out again.
        _inFlight.RemoveAt(index);
        for (int earlier = 0; earlier < index; earlier++)
        {
            _inFlight[earlier].IsOvertaken = true;
        }

        callbacks.Report(patch.Callback, status, patch.Context);
        return true;
    }

    /// <summary>Gives up on patches unanswered for 300 s on this connection.</summary>
    public void Expire(long now, Callbacks callbacks)
    {
        while (_inFlight.Count > _resend && clock.GetElapsedTime(_inFlight[0].SentAt, now) >= AnswerTimeout)
        {
            TryComplete(_inFlight[0].RequestId, Unanswered, callbacks);
        }
    }

    /// <summary>Time until <see cref="Expire"/> has something to do; null when nothing is in flight.</summary>
    public TimeSpan? NextDue(long now) =>
        _inFlight.Count > _resend ? AnswerTimeout - clock.GetElapsedTime(_inFlight[0].SentAt, now) : null;

    /// <summary>Ends what is in flight with status 408.</summary>
    public void AbandonInFlight(Callbacks callbacks)
    {
        lock (_gate)
        {
            _closed = true;
        }

        while (_inFlight.Count > 0)
        {
            Patch patch = _inFlight[0];
            _inFlight.RemoveAt(0);
            callbacks.Report(patch.Callback, Unanswered, patch.Context);
        }
    }

    /// <summary>Ends what was never sent with status 0.</summary>
    public void AbandonWaiting(Callbacks callbacks)
    {
        while (true)
        {
            Patch? patch;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out patch))
                {
                    return;
                }
            }

            callbacks.Report(patch.Callback, NeverSent, patch.Context);
        }
    }

    private bool TryPeek([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Patch? patch)
    {
        lock (_gate)
        {
            return _waiting.TryPeek(out patch);
        }
    }

    private bool Send(IMqttTransport transport, Patch patch, ref int nextRequestId, long now)
    {
        byte[] packet = dialect.PatchReported(nextRequestId, patch.Json);
        if (transport.FreeBytes < packet.Length)
        {
            return false;
        }

        transport.Publish(packet);
        patch.RequestId = nextRequestId++;
        patch.SentAt = now;
        return true;
    }

    private sealed class Patch(byte[] json, ReportedStateCallback? callback, object? context)
    {
        public byte[] Json { get; } = json;

        public ReportedStateCallback? Callback { get; } = callback;

        public object? Context { get; } = context;

        public int RequestId { get; set; } = -1;

        public long SentAt { get; set; }

        public bool IsOvertaken { get; set; }
    }
}
