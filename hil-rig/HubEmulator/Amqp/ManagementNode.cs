using System.Globalization;
using Amqp;
using Amqp.Types;
using HubEmulator.Events;

namespace HubEmulator.Amqp;

/// <summary><c>$management</c>: tells about the entity and its partitions.</summary>
internal sealed class ManagementNode(EventStream stream, AmqpHost host)
{
    public const string Address = "$management";
    private const string EntityType = "com.microsoft:eventhub";
    private const string PartitionType = "com.microsoft:partition";

    public Message Serve(Message request)
    {
        string? operation = Text(request, "operation");
        string? name = Text(request, "name");
        if (operation != "READ")
        {
            return Refuse(400, ErrorCode.NotImplemented, "The operation must be READ.");
        }

        if (!host.ShortName.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(404, ErrorCode.NotFound, $"There is no entity '{name}' at this hub.");
        }

        return Text(request, "type") switch
        {
            EntityType => RequestEndpoint.Answer(200, "OK", Entity()),
            PartitionType when stream.Find(Text(request, "partition") ?? "") is { } partition => RequestEndpoint.Answer(200, "OK", Partition(partition)),
            PartitionType => Refuse(400, "com.microsoft:argument-out-of-range", "The hub has no such partition."),
            _ => Refuse(400, ErrorCode.NotImplemented, "The type must be com.microsoft:eventhub or com.microsoft:partition."),
        };
    }

    private Map Entity() => new()
    {
        ["name"] = host.ShortName,
        ["type"] = EntityType,
        ["created_at"] = stream.Created.UtcDateTime,
        ["partition_count"] = stream.Partitions.Count,
        ["partition_ids"] = stream.Partitions.Select(partition => partition.Id).ToArray(),
    };

    private Map Partition(EventPartition partition)
    {
        const string NoOffset = "-1";
        PartitionState state = partition.State;
        return new Map
        {
            ["name"] = host.ShortName,
            ["type"] = PartitionType,
            ["partition"] = partition.Id,
            ["begin_sequence_number"] = state.FirstSequenceNumber,
            ["last_enqueued_sequence_number"] = state.Last?.SequenceNumber ?? -1,
            ["last_enqueued_offset"] = state.Last?.Offset.ToString(CultureInfo.InvariantCulture) ?? NoOffset,
            ["last_enqueued_time_utc"] = (state.Last?.Message.EnqueuedTime ?? DateTimeOffset.UnixEpoch).UtcDateTime,
            ["is_partition_empty"] = state.Last is null,
        };
    }

    private static string? Text(Message request, string property) => AmqpText.Of(request.ApplicationProperties?[property]);

    private static Message Refuse(int status, string condition, string description)
    {
        Message answer = RequestEndpoint.Answer(status, description);
        answer.ApplicationProperties["error-condition"] = new Symbol(condition);
        return answer;
    }
}
