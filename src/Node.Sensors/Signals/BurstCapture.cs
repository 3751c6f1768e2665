using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Sensors.Signals;

/// <summary>Records every sample of an ADXL345 for a while into a file that can be uploaded.</summary>
/// <param name="recorder">Where the samples come from; stays the caller's.</param>
/// <param name="folder">Where the file goes.</param>
/// <param name="time">Stamps the start.</param>
public sealed class BurstCapture(Adxl345Recorder recorder, BurstFolder folder, TimeProvider time)
{
    /// <summary>The longest burst: 11.5 MB at 3200 Hz.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>The finest step that the chip has: 1/256 g (ADXL345 datasheet, table 1); 16 bits of it hold ±128 g.</summary>
    private const double GravitiesPerCount = 1.0 / 256;

    private static readonly string[] Channels = ["x", "y", "z"];

    /// <summary>Records and completes a burst. What was waiting in the chip before the call does not count.</summary>
    /// <param name="sensorName">The name in file and header.</param>
    /// <param name="duration">More than 0 and at most <see cref="Longest"/>.</param>
    /// <param name="cancellationToken">Ends the burst early; what was recorded stays as a part for <see cref="BurstFolder.Recover"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is outside its range.</exception>
    /// <exception cref="SensorException">The chip fails; the part stays.</exception>
    /// <exception cref="IOException">The disk is full or gone; the part stays.</exception>
    public async Task<Burst> RecordAsync(string sensorName, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, Longest);
        await recorder.ReadAsync(cancellationToken);
        Adxl345Batch batch = await recorder.ReadAsync(cancellationToken);
        DateTimeOffset start = time.GetUtcNow() - (recorder.Period * batch.Readings.Count);
        long wanted = (long)Math.Ceiling(duration / recorder.Period);
        BurstHeader header = new(sensorName, "gForce", Channels, 1 / recorder.Period.TotalSeconds, GravitiesPerCount, start);
        using BurstFile file = folder.Create(header);
        while (true)
        {
            if (batch.MayFollowGap) { file.NoteGap(); }

            Append(file, batch, wanted);
            if (file.Samples >= wanted) { break; }

            batch = await recorder.ReadAsync(cancellationToken);
        }

        string path = file.Complete();
        folder.Trim();
        return new Burst(path, start, file.Samples, file.Gaps, file.Clipped);
    }

    private static void Append(BurstFile file, Adxl345Batch batch, long wanted)
    {
        foreach (Adxl345Reading reading in batch.Readings)
        {
            if (file.Samples >= wanted) { return; }

            file.Append([reading.XG, reading.YG, reading.ZG], reading.IsClipped);
        }
    }
}
