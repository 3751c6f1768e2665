namespace HubEmulator.Amqp;

/// <summary>How much a connection has sent of messages that are not complete yet. The library keeps all of it in memory, however long a message gets.</summary>
internal sealed class PartialMessages
{
    /// <summary>Bytes of unfinished messages for a connection; more than twice what the hub takes for a message.</summary>
    public const int MostBytes = 512 * 1024;

    private readonly Dictionary<ulong, long> _bytes = [];
    private long _total;

    /// <returns>False when it is too much.</returns>
    public bool TryAdd(TransferFrame transfer)
    {
        if (transfer.PayloadBytes == 0)
        {
            return true;
        }

        long before = _bytes.GetValueOrDefault(transfer.Link);
        if (transfer.More)
        {
            _bytes[transfer.Link] = before + transfer.PayloadBytes;
            _total += transfer.PayloadBytes;
        }
        else
        {
            _bytes.Remove(transfer.Link);
            _total -= before;
        }

        return _total <= MostBytes;
    }
}
