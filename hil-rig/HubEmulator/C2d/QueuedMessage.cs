using HubEmulator.Mqtt;

namespace HubEmulator.C2d;

/// <summary>A message in a device's queue. The queue's lock guards what changes.</summary>
internal sealed class QueuedMessage(C2dMessage message, DateTimeOffset expires, bool wasDelivered = false)
{
    public C2dMessage Message { get; } = message;

    /// <summary>When it is given up.</summary>
    public DateTimeOffset Expires { get; } = expires;

    /// <summary>True once it has been on its way.</summary>
    public bool WasDelivered { get; private set; } = wasDelivered;

    /// <summary>The connection that has it and has not acknowledged it; null where none has it.</summary>
    public DeviceLink? Holder { get; private set; }

    /// <summary>The packet identifier on that connection.</summary>
    public ushort PacketIdentifier { get; private set; }

    /// <summary>Counts the deliveries of the queue.</summary>
    public long Delivery { get; private set; }

    /// <summary>When it may be delivered once more.</summary>
    public DateTimeOffset LockedUntil { get; private set; }

    public void Lock(DeviceLink holder, ushort packetIdentifier, long delivery, DateTimeOffset until)
    {
        Holder = holder;
        PacketIdentifier = packetIdentifier;
        Delivery = delivery;
        LockedUntil = until;
        WasDelivered = true;
    }

    /// <summary>The lock of a device that has it over HTTPS; null where it has none.</summary>
    public Guid? Token { get; private set; }

    /// <summary>How often a device gave it back.</summary>
    public int Abandoned { get; private set; }

    /// <summary>True while a connection or a lock over HTTPS has it.</summary>
    public bool IsHeld => Holder is not null || Token is not null;

    public Guid Lock(DateTimeOffset until)
    {
        Guid token = Guid.NewGuid();
        (Token, LockedUntil, WasDelivered) = (token, until, true);
        return token;
    }

    public void Unlock() => (Holder, Token) = (null, null);

    public void Abandon()
    {
        Abandoned++;
        Unlock();
    }
}
