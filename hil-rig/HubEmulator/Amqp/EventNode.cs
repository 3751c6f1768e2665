using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using HubEmulator.Events;

namespace HubEmulator.Amqp;

/// <summary><c>{entity}/ConsumerGroups/{group}/Partitions/{partition}</c>: lets readers in, each from where it says, and puts out those of a lower owner level.</summary>
internal sealed class EventNode(EventStream stream, IReadOnlySet<string> groups)
{
    /// <summary>The consumer group that every hub has.</summary>
    public const string DefaultGroup = "$Default";

    private const string OutOfRange = "com.microsoft:argument-out-of-range";
    private const string ArgumentError = "com.microsoft:argument-error";
    private static readonly Symbol LevelProperty = new("com.microsoft:epoch");
    private static readonly Symbol Filter = new("apache.org:selector-filter:string");

    private readonly ConcurrentDictionary<string, ReaderSeats<ListenerLink>> _seats = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="AmqpException">There is no such partition or group, the filter cannot be read, or others have the right to read.</exception>
    public EventEndpoint Open(AmqpPeer peer, AttachContext context, string group, string partitionId)
    {
        if (!groups.Contains(group))
        {
            throw new AmqpException(ErrorCode.NotFound, $"The hub has no consumer group '{group}'.");
        }

        EventPartition partition = stream.Find(partitionId)
            ?? throw new AmqpException(OutOfRange, $"The hub has the partitions 0 to {stream.Partitions.Count - 1}, not '{partitionId}'.");
        EventPosition position = ReadPosition(context.Attach);
        TakeSeat(context, $"{group}/{partitionId}");
        context.Attach.SndSettleMode = SenderSettleMode.Settled;
        return new EventEndpoint(peer, context.Link, partition, partition.Find(position));
    }

    private static EventPosition ReadPosition(Attach attach)
    {
        if ((attach.Source as Source)?.FilterSet is not { } filters || !filters.ContainsKey(Filter))
        {
            return EventPosition.Earliest;
        }

        object filter = filters[Filter];
        string expression = AmqpText.Of(filter is DescribedValue described ? described.Value : filter) ?? "";
        return EventPosition.TryParse(expression, out EventPosition position)
            ? position
            : throw new AmqpException(ArgumentError, $"The filter '{expression}' is none of the service's.");
    }

    private void TakeSeat(AttachContext context, string place)
    {
        long? level = context.Attach.Properties?[LevelProperty] switch
        {
            long whole => whole,
            int small => small,
            ulong unsigned => (long)Math.Min(unsigned, long.MaxValue),
            uint small => small,
            _ => null,
        };
        ReaderSeats<ListenerLink> seats = _seats.GetOrAdd(place, _ => new ReaderSeats<ListenerLink>());
        SeatVerdict verdict = seats.TryTake(context.Link, level, out IReadOnlyList<ListenerLink> putOut);
        foreach (ListenerLink other in putOut)
        {
            other.End(ErrorCode.Stolen, $"A reader with owner level {level} has taken the partition.");
        }

        if (verdict != SeatVerdict.Seated)
        {
            throw verdict == SeatVerdict.Owned
                ? new AmqpException(ErrorCode.Stolen, "A reader with a higher owner level reads the partition.")
                : new AmqpException(ErrorCode.ResourceLimitExceeded, $"{ReaderSeats<ListenerLink>.Most} readers read the partition in this consumer group.");
        }

        context.Link.AddClosedCallback((link, _) => seats.Leave((ListenerLink)link));
    }
}
