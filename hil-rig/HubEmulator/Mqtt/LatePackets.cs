using MQTTnet.Packets;

namespace HubEmulator.Mqtt;

/// <summary>Packets that are held back until they are due and leave in the order in which they came. When too many are held, the oldest leave early.</summary>
internal sealed class LatePackets : IDisposable
{
    public const int MostHeld = OutgoingPackets.Most;

    private readonly Lock _guard;
    private readonly Queue<(MqttPacket Packet, DateTimeOffset Due)> _held = new();
    private readonly TimeProvider _clock;
    private readonly Action<MqttPacket> _release;
    private readonly ITimer _timer;
    private DateTimeOffset _lastDue;

    /// <param name="guard">The lock of everything on the way, because what is released here may be held elsewhere.</param>
    /// <param name="clock">The clock of dues.</param>
    /// <param name="release">Takes what is due.</param>
    public LatePackets(Lock guard, TimeProvider clock, Action<MqttPacket> release)
    {
        _guard = guard;
        _clock = clock;
        _release = release;
        _timer = clock.CreateTimer(_ => ReleaseDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>False once everything held has left; until then later packets must queue up here too.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_guard)
            {
                return _held.Count == 0;
            }
        }
    }

    public void Hold(MqttPacket packet, TimeSpan lateness)
    {
        lock (_guard)
        {
            DateTimeOffset due = _clock.GetUtcNow() + lateness;
            _lastDue = due > _lastDue ? due : _lastDue; // none overtakes the one before it
            _held.Enqueue((packet, _lastDue));
            if (_held.Count > MostHeld)
            {
                _release(_held.Dequeue().Packet);
            }

            if (_held.Count == 1)
            {
                SetTimer();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void ReleaseDue()
    {
        lock (_guard)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            while (_held.TryPeek(out (MqttPacket Packet, DateTimeOffset Due) first) && first.Due <= now)
            {
                _release(_held.Dequeue().Packet);
            }

            if (_held.Count > 0)
            {
                SetTimer();
            }
        }
    }

    private void SetTimer()
    {
        TimeSpan wait = _held.Peek().Due - _clock.GetUtcNow();
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
