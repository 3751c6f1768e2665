using System.Globalization;
using Amqp;
using Amqp.Types;
using HubEmulator.Events;
using HubEmulator.Identity;

namespace HubEmulator.Amqp;

/// <summary>
/// <c>$management</c>: tells about the entity and its partitions. Anybody may attach; a request is answered under a token that was put before, or under
/// one of its own (<c>security_token</c>), which is all that the .NET SDK of Event Hubs brings here.
/// </summary>
internal sealed class ManagementNode(EventStream stream, AmqpHost host, SasVerifier verifier)
{
    public const string Address = "$management";
    private const string EntityType = "com.microsoft:eventhub";
    private const string PartitionType = "com.microsoft:partition";

    public Message Serve(AmqpPeer peer, Message request)
    {
        if (!peer.Claims.Open(host.ManagementPath) && !TryPutOwnToken(peer, request))
        {
            return Refuse(401, ErrorCode.UnauthorizedAccess, "Put a token with the right to connect services, or send it along as security_token.");
        }

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

    private bool TryPutOwnToken(AmqpPeer peer, Message request)
    {
        if (!verifier.VerifyClaim(Text(request, "security_token"), out SasClaim? claim).Accepted)
        {
            return false;
        }

        peer.Claims.Put(claim!);
        return peer.Claims.Open(host.ManagementPath);
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
