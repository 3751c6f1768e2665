using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Node.Sensors.Signals;

namespace Node.Host.Methods;

/// <summary>
/// Uploads the bursts that are still in the folder: those whose upload failed, and those that were found there after a restart. Oldest first, with
/// growing pauses after a failure, and each file so many times in a run of the node at most; then it waits for the next start.
/// </summary>
/// <param name="folder">Where files wait; recovered already.</param>
/// <param name="uploads">Brings them to the hub.</param>
/// <param name="isKnown">Whether a sensor of this name is there to report it.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="logger">Told of what is given up.</param>
internal sealed partial class LeftBursts(BurstFolder folder, BurstUploads uploads, Func<string, bool> isKnown, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How often a file is tried in a run of the node.</summary>
    public const int MostTries = 8;

    /// <summary>After a start, and after a failure at first; it doubles up to <see cref="LongestPause"/>.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private static readonly TimeSpan PauseBetween = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, int> _tries = [];
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private TimeSpan _pause = FirstPause;

    /// <summary>Begins to look, a minute from now.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _timer ??= time.CreateTimer(_ => Look(), null, FirstPause, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    /// <summary>The sensor whose burst a file is: <c>20260131T120000.000Z-name.wav</c>.</summary>
    private static string SensorOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..];
    }

    private void Look()
    {
        if (!uploads.TryTake())
        {
            Again(FirstPause); // a burst is recorded or uploaded just now
            return;
        }

        if (Next() is { } path)
        {
            _ = UploadAsync(path); // every way out of it ends in Ended
            return;
        }

        uploads.Release();
        Again(FirstPause);
    }

    /// <summary>The file that was tried least, the oldest of those; one that has gone is forgotten.</summary>
    private string? Next()
    {
        IReadOnlyList<string> files = folder.Files;
        lock (_gate)
        {
            foreach (string gone in _tries.Keys.Except(files).ToArray()) { _tries.Remove(gone); }

            return files.Where(file => isKnown(SensorOf(file)) && _tries.GetValueOrDefault(file) < MostTries).MinBy(file => _tries.GetValueOrDefault(file));
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever ends an upload is reported, and the next one may begin.")]
    private async Task UploadAsync(string path)
    {
        int tries;
        lock (_gate)
        {
            tries = _tries[path] = _tries.GetValueOrDefault(path) + 1;
        }

        try
        {
            await uploads.UploadAsync(SensorOf(path), path, [], isStored => Ended(path, tries, isStored));
        }
        catch (Exception failure)
        {
            uploads.Fail(SensorOf(path), failure.Message);
            Ended(path, tries, isStored: false);
        }
    }

    private void Ended(string path, int tries, bool isStored)
    {
        if (!isStored && tries == MostTries)
        {
            LogGivenUp(logger, path, MostTries);
        }

        TimeSpan pause;
        lock (_gate)
        {
            _pause = isStored ? FirstPause : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
            pause = isStored ? PauseBetween : _pause;
        }

        uploads.Release();
        Again(pause);
    }

    private void Again(TimeSpan pause)
    {
        lock (_gate)
        {
            _timer?.Change(pause, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(EventId = 149, Level = LogLevel.Warning, Message = "The burst {Path} could not be uploaded in {Tries} tries; it is tried again after the next start")]
    private static partial void LogGivenUp(ILogger logger, string path, int tries);
}
