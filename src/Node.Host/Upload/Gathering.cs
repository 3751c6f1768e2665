using Node.Host.Configuration;
using Node.Host.Spool;

namespace Node.Host.Upload;

/// <summary>
/// Readings that wait for company, at most until the longest delay. Alarms never wait, and neither does what was stored before the hub
/// came back. One thread.
/// </summary>
internal sealed class Gathering(TimeProvider time)
{
    private readonly Dictionary<(string Component, string Boot, bool IsBacklog), Shipment> _open = [];

    /// <summary>Readings that wait here.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a reading; what is full by it goes to <paramref name="ready"/>.</summary>
    public void Add(SpooledMessage reading, UploadOptions options, List<Shipment> ready)
    {
        if (reading.Priority == 1 || options.BatchCount == 1)
        {
            ready.Add(new Shipment(reading));
            return;
        }

        (string, string, bool) key = (reading.Component, reading.BootId, reading.IsBacklog);
        if (_open.TryGetValue(key, out Shipment? open) && open.Bytes + BatchBody.SizeOf(reading) > options.BatchBytes)
        {
            Close(key, open, ready);
            open = null;
        }

        if (open is null)
        {
            _open[key] = open = new Shipment(reading, time.GetTimestamp());
        }
        else
        {
            open.Add(reading);
        }

        Count++;
        if (open.Count >= options.BatchCount)
        {
            Close(key, open, ready);
        }
    }

    /// <summary>Gives what has waited long enough, what is of the backlog, and what was stored up to <paramref name="urgent"/>.</summary>
    public void TakeRipe(UploadOptions options, long urgent, List<Shipment> ready)
    {
        foreach ((var key, Shipment open) in _open.ToArray())
        {
            if (key.IsBacklog || open.First.Sequence <= urgent || open.Count >= options.BatchCount || time.GetElapsedTime(open.GatheredAt) >= options.BatchDelay)
            {
                Close(key, open, ready);
            }
        }
    }

    /// <summary>Gives everything back.</summary>
    public void Clear(Action<SpooledMessage> release)
    {
        foreach (SpooledMessage reading in _open.Values.SelectMany(open => open.Readings))
        {
            release(reading);
        }

        _open.Clear();
        Count = 0;
    }

    private void Close((string, string, bool) key, Shipment full, List<Shipment> ready)
    {
        _open.Remove(key);
        Count -= full.Count;
        ready.Add(full);
    }
}
