using Node.Host.Spool;

namespace Node.Host.Upload;

/// <summary>Readings that go out in one message: mostly one, or several of one sensor and one run of the node, oldest first.</summary>
internal sealed class Shipment
{
    private readonly List<SpooledMessage> _readings;

    public Shipment(SpooledMessage first, long gatheredAt = 0)
    {
        _readings = [first];
        GatheredAt = gatheredAt;
        Bytes = BatchBody.Frame + BatchBody.SizeOf(first);
    }

    public IReadOnlyList<SpooledMessage> Readings => _readings;

    public SpooledMessage First => _readings[0];

    /// <summary>The clock's timestamp when the first reading was taken out of the spool.</summary>
    public long GatheredAt { get; }

    /// <summary>Bytes of the body as a batch, rounded up.</summary>
    public int Bytes { get; private set; }

    public int Count => _readings.Count;

    public bool IsAlarm => First.Priority == 1;

    public bool IsBacklog => First.IsBacklog;

    public void Add(SpooledMessage reading)
    {
        _readings.Add(reading);
        Bytes += BatchBody.SizeOf(reading);
    }
}
