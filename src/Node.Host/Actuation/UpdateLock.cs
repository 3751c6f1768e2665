using Microsoft.Extensions.Logging;

namespace Node.Host.Actuation;

/// <summary>
/// Keeps the supervisor of a fleet from updating while something moves: the file at <c>$BALENA_APP_LOCK_PATH</c>, by its existence (updates of
/// the application) and by a lock on it (updates of the host). Held for at most ten minutes on end; taken anew when somebody overrode it;
/// gone when the process is, however it ends. Any thread.
/// </summary>
internal sealed partial class UpdateLock : IDisposable
{
    public const string Variable = "BALENA_APP_LOCK_PATH";

    /// <summary>The longest that an update is held up without a break.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly string? _path;
    private readonly Func<bool> _isWanted;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly ITimer? _timer;
    private FileStream? _held;
    private long _since;
    private bool _isExhausted;
    private bool _isRefused;
    private bool _isEnding;
    private bool _disposed;

    /// <summary>Watches; takes nothing yet.</summary>
    /// <param name="path">The file; null for a node that no such supervisor updates.</param>
    /// <param name="isWanted">Whether an update had better wait.</param>
    /// <param name="time">Source of instants.</param>
    /// <param name="logger">Told of what the world refuses.</param>
    public UpdateLock(string? path, Func<bool> isWanted, TimeProvider time, ILogger logger)
    {
        (_path, _isWanted, _time, _logger) = (string.IsNullOrEmpty(path) ? null : path, isWanted, time, logger);
        RemoveOwnLeftover();
        _timer = _path is null ? null : time.CreateTimer(_ => Look(), null, LookInterval, LookInterval);
    }

    /// <summary>Whether this process holds the lock.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_gate) { return _held is not null; }
        }
    }

    /// <summary>How it stands, and for how long it has been held, if it is.</summary>
    public (UpdateLockState State, TimeSpan? HeldFor) Status
    {
        get
        {
            lock (_gate)
            {
                return _held is not null ? (UpdateLockState.Held, _time.GetElapsedTime(_since))
                    : (_path is null ? UpdateLockState.None : _isExhausted ? UpdateLockState.Expired : _isRefused ? UpdateLockState.Refused : UpdateLockState.Free, null);
            }
        }
    }

    /// <summary>The last readings are on their way: held until the end, if the end comes in time.</summary>
    public void NoteFinalFlush()
    {
        lock (_gate) { _isEnding = true; }

        Look();
    }

    /// <summary>Takes or releases, as is wanted now. Called when something changed; a timer calls it every second too.</summary>
    public void Look()
    {
        lock (_gate)
        {
            if (_path is null || _disposed)
            {
                return;
            }

            if (!_isEnding && !_isWanted())
            {
                (_isExhausted, _isRefused) = (false, false);
                Release();
            }
            else if (_held is not null && _time.GetElapsedTime(_since) >= Longest)
            {
                _isExhausted = true;
                LogTooLong(_logger, Longest.TotalMinutes);
                Release();
            }
            else if (!_isExhausted && (_held is null || !File.Exists(_path)))
            {
                Take(_path);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Release();
        }

        _timer?.Dispose();
    }

    private void Take(string path)
    {
        long since = _held is null ? _time.GetTimestamp() : _since; // Somebody's override does not make the longest time longer.
        Release();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _held = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            _held.Write(Mark());
            _held.Flush();
            (_since, _isRefused) = (since, false);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (!_isRefused)
            {
                LogRefused(_logger, path, refused.Message);
            }

            _isRefused = true;
        }
    }

    private void Release()
    {
        _held?.Dispose();
        _held = null;
    }

    /// <summary>A process that was killed leaves its file behind; nobody else may remove one that another still holds, or that the node did not write.</summary>
    private void RemoveOwnLeftover()
    {
        if (_path is null || !File.Exists(_path))
        {
            return;
        }

        try
        {
            using var found = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.None);
            Span<byte> mark = stackalloc byte[Mark().Length];
            if (found.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) == mark.Length && mark.SequenceEqual(Mark()))
            {
                File.Delete(_path);
            }
        }
        catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
        {
            LogRefused(_logger, _path, inUse.Message);
        }
    }

    private static ReadOnlySpan<byte> Mark() => "sensornode\n"u8;

    [LoggerMessage(EventId = 410, Level = LogLevel.Warning, Message = "The update lock {Path} cannot be had; updates are not held up: {Reason}")]
    private static partial void LogRefused(ILogger logger, string path, string reason);

    [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message = "An actuator works for more than {Minutes} minutes; updates are held up no longer")]
    private static partial void LogTooLong(ILogger logger, double minutes);
}
