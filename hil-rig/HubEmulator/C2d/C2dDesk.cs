using System.Collections.Concurrent;
using HubEmulator.Identity;
using HubEmulator.Mqtt;
using HubEmulator.State;

namespace HubEmulator.C2d;

/// <summary>Takes messages for devices, delivers them, and tells their senders how they ended.</summary>
internal sealed class C2dDesk
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Device, byte> _busy = new(); // devices whose queues may hold something
    private readonly DeviceRegistry _registry;
    private readonly StateFile _state;
    private readonly FeedbackLog _feedback;
    private readonly bool _deliversOlder;
    private readonly TimeProvider _clock;

    /// <summary>Begins with what the devices' queues hold.</summary>
    /// <param name="registry">The devices.</param>
    /// <param name="state">Remembers the queues.</param>
    /// <param name="feedback">Takes what senders asked to hear.</param>
    /// <param name="deliversOlder">True delivers what was sent before the device subscribed for the first time, instead of rejecting it.</param>
    /// <param name="clock">The clock of locks and lifetimes.</param>
    public C2dDesk(DeviceRegistry registry, StateFile state, FeedbackLog feedback, bool deliversOlder, TimeProvider clock)
    {
        _registry = registry;
        _state = state;
        _feedback = feedback;
        _deliversOlder = deliversOlder;
        _clock = clock;
        foreach (Device device in registry.All.Where(device => device.Messages.Count > 0))
        {
            _busy[device] = 0;
        }
    }

    /// <summary>Queues a message, and delivers it if the device is there for it.</summary>
    /// <returns>False when the queue is full.</returns>
    public bool TrySend(Device device, C2dMessage message)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        End(device, device.Messages.TakeExpired(now), C2dEnding.Expired, now);
        DateTimeOffset expires = message.ExpiryTime is { } wanted && wanted < now + Lifetime ? wanted : now + Lifetime;
        if (!device.Messages.TryEnqueue(new QueuedMessage(message, expires)))
        {
            return false;
        }

        _busy[device] = 0;
        _state.Touch(device.Id);
        Deliver(device);
        return true;
    }

    /// <summary>Completes when the queues as they are now will survive the end of the process; what is acknowledged to a sender waits for it.</summary>
    public Task SavedAsync() => _state.SavedAsync(CancellationToken.None);

    /// <summary>Delivers what waits if the device is connected and has subscribed.</summary>
    public void Deliver(Device device)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        End(device, device.Messages.TakeExpired(now), C2dEnding.Expired, now);
        if (device.Messages.Count == 0)
        {
            return;
        }

        IReadOnlyList<QueuedMessage> completed = [];
        device.Session.WhileSubscribed(
            DeviceFilter.CloudToDevice(device.Id), (link, acknowledged) => completed = device.Messages.Deliver(device.Id, link, acknowledged, now));
        End(device, completed, C2dEnding.Success, now);
    }

    /// <summary>Rejects what waits when a subscription is about to come into being; a repeated one changes nothing.</summary>
    public void PrepareSubscription(Device device, DeviceLink link, string filter)
    {
        bool isFirst = filter == DeviceFilter.CloudToDevice(device.Id) && device.Session.IsNewSubscription(link, filter);
        if (isFirst && !_deliversOlder)
        {
            End(device, device.Messages.TakeWaiting(link), C2dEnding.Rejected, _clock.GetUtcNow());
        }
    }

    /// <summary>Completes the message that the connection's PUBACK names, in whatever order PUBACKs come.</summary>
    public void Acknowledge(Device device, DeviceLink link, ushort packetIdentifier)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        if (device.Messages.Acknowledge(link, packetIdentifier, now) is { } completed)
        {
            End(device, [completed], C2dEnding.Success, now);
            Deliver(device); // there is room in the window
        }
    }

    /// <summary>Gives a device over HTTPS the oldest message that it does not have yet.</summary>
    public LockedMessage? TryReceive(Device device)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        End(device, device.Messages.TakeExpired(now), C2dEnding.Expired, now);
        return device.Messages.TryLock(now);
    }

    /// <summary>Ends what <see cref="TryReceive"/> has begun.</summary>
    /// <returns>False when the lock has run out or never was.</returns>
    public bool TrySettle(Device device, Guid token, C2dSettlement settlement)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        bool isSettled = device.Messages.TrySettle(token, now, settlement, out QueuedMessage? ended);
        if (ended is not null)
        {
            C2dEnding ending = settlement switch
            {
                C2dSettlement.Complete => C2dEnding.Success,
                C2dSettlement.Reject => C2dEnding.Rejected,
                _ => C2dEnding.DeliveryCountExceeded,
            };
            End(device, [ended], ending, now);
        }
        else if (isSettled)
        {
            Deliver(device); // it waits again, perhaps for a connection over MQTT
        }

        return isSettled;
    }

    /// <returns>How many messages were thrown away.</returns>
    public int Purge(Device device)
    {
        IReadOnlyList<QueuedMessage> purged = device.Messages.TakeAll();
        End(device, purged, C2dEnding.Purged, _clock.GetUtcNow());
        return purged.Count;
    }

    /// <summary>Gives up what has expired and delivers once more what was not acknowledged; called once a second.</summary>
    public void Sweep()
    {
        foreach (Device device in _busy.Keys)
        {
            if (_registry.Find(device.Id) == device)
            {
                Deliver(device);
            }
            else
            {
                device.Messages.TakeAll(); // the device was deleted, and nobody hears of its messages
            }

            if (device.Messages.Count == 0 && _busy.TryRemove(device, out _) && device.Messages.Count > 0)
            {
                _busy[device] = 0; // sent to meanwhile
            }
        }
    }

    private void End(Device device, IReadOnlyList<QueuedMessage> messages, C2dEnding ending, DateTimeOffset now)
    {
        foreach (QueuedMessage ended in messages)
        {
            C2dAck ack = ended.Message.Ack ?? C2dAck.None;
            if (ack == C2dAck.Full || ack == (ending == C2dEnding.Success ? C2dAck.Positive : C2dAck.Negative))
            {
                _feedback.Append(new C2dFeedback
                {
                    OriginalMessageId = ended.Message.MessageId,
                    EnqueuedTime = now,
                    Ending = ending,
                    DeviceId = device.Id,
                    DeviceGenerationId = device.Identity.GenerationId,
                });
            }
        }

        if (messages.Count > 0)
        {
            _state.Touch(device.Id);
        }
    }
}
