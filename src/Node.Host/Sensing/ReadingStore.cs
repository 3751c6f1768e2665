using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Node.Host.Observability;
using Node.Host.Spool;

namespace Node.Host.Sensing;

/// <summary>
/// Makes readings durable without holding up the sensor that took them, counts what becomes of them, and calls for a turn of the hub
/// client once one is durable. Any thread.
/// </summary>
internal sealed partial class ReadingStore(Spool.Spool spool, ILogger logger)
{
    private const int MostWaiting = 256; // Beyond it a sensor waits for the disk: the bound of what a power cut takes with it.

    private long _readings;
    private long _durable;
    private long _lost;
    private int _waiting;
    private int _failing;

    /// <summary>Called after a reading became durable.</summary>
    public Action? Stored { get; set; }

    /// <summary>Readings taken since the start.</summary>
    public long Readings => Interlocked.Read(ref _readings);

    /// <summary>Readings made durable since the start.</summary>
    public long Durable => Interlocked.Read(ref _durable);

    /// <summary>Readings that could not be made durable since the start: the disk is full or broken.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Whether the last reading could not be made durable.</summary>
    public bool IsFailing => Volatile.Read(ref _failing) > 0;

    /// <summary>Hands a reading over; returns at once unless too many wait for the disk.</summary>
    public async ValueTask AcceptAsync(SpoolEntry entry, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _readings);
        Task commit = CommitAsync(entry);
        if (Volatile.Read(ref _waiting) > MostWaiting)
        {
            await commit.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stores something that must not be lost, such as an alarm.</summary>
    /// <returns>Whether it is durable; when not, it was not counted as lost and may be tried again.</returns>
    public async Task<bool> StoreAsync(SpoolEntry entry)
    {
        try
        {
            await spool.AppendAsync(entry, CancellationToken.None);
            Interlocked.Increment(ref _readings);
            Interlocked.Increment(ref _durable);
            Stored?.Invoke();
            return true;
        }
        catch (Exception failure) when (failure is SpoolException or ObjectDisposedException)
        {
            LogAlarmWaits(logger, entry.Component, failure.Message);
            return false;
        }
    }

    private async Task CommitAsync(SpoolEntry entry)
    {
        Interlocked.Increment(ref _waiting);
        using Activity? span = NodeTraces.Source.StartActivity("spool commit");
        try
        {
            await spool.AppendAsync(entry, CancellationToken.None); // A reading taken is stored, also when the node is stopping.
            Interlocked.Increment(ref _durable);
            if (Interlocked.Exchange(ref _failing, 0) is > 0 and int failed)
            {
                LogStoringAgain(logger, failed);
            }

            Stored?.Invoke();
        }
        catch (Exception failure) when (failure is SpoolException or ObjectDisposedException)
        {
            Interlocked.Increment(ref _lost);
            span.Fail(failure.Message);
            if (Interlocked.Increment(ref _failing) == 1)
            {
                LogNotStored(logger, entry.Component, failure.Message);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    [LoggerMessage(EventId = 210, Level = LogLevel.Error, Message = "A reading of {Sensor} could not be stored and is lost, and so are further ones until this is put right: {Reason}")]
    private static partial void LogNotStored(ILogger logger, string sensor, string reason);

    [LoggerMessage(EventId = 212, Level = LogLevel.Error, Message = "An alarm of {Sensor} could not be stored and is tried again with the next reading: {Reason}")]
    private static partial void LogAlarmWaits(ILogger logger, string sensor, string reason);

    [LoggerMessage(EventId = 211, Level = LogLevel.Warning, Message = "Readings are stored again; {Failed} were lost")]
    private static partial void LogStoringAgain(ILogger logger, int failed);
}
