using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Node.Host.Spool;

/// <summary>
/// The database file as a whole: one owner at a time, opened sound or repaired. A damaged file is read as far as it goes into a new one,
/// which takes its place only when it is complete, so that a power cut during the repair loses nothing either.
/// </summary>
internal sealed class SpoolFile : IDisposable
{
    private const int KeptDamagedFiles = 3;
    private const long CheckedBytes = 256L << 20; // A Pi reads about 40 MB/s from its card: a longer check would delay the start too much.

    private readonly SpoolOptions _options;
    private readonly SpoolBoot _boot;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly FileStream _lock;

    /// <summary>Makes the folder when it is missing and becomes the only owner.</summary>
    /// <exception cref="SpoolException">Another process owns the spool, or the folder may not be written.</exception>
    public SpoolFile(SpoolOptions options, SpoolBoot boot, TimeProvider clock, ILogger logger)
    {
        (_options, _boot, _clock, _logger) = (options, boot, clock, logger);
        _lock = Lock(options.Path);
    }

    /// <summary>The database.</summary>
    public string Path => _options.Path;

    /// <summary>Pages in the log after which a commit copies them into the database: an eighth of the capacity, 64 KiB to 4 MiB.</summary>
    private long LogPages => Math.Clamp(_options.Limits.CapacityBytes / 8 / SpoolStore.PageBytes, SpoolSchema.MostLogPages / 64, SpoolSchema.MostLogPages);

    /// <summary>Opens the database; repairs it first when it is damaged.</summary>
    /// <exception cref="SpoolException">It cannot be used, and the text says why.</exception>
    public SpoolStore Open()
    {
        try
        {
            FinishCopy();
            return OpenSound();
        }
        catch (SqliteException damage) when (SpoolException.IsDamage(damage))
        {
            return Repair(damage.Message, default);
        }
        catch (SqliteException failure)
        {
            throw SpoolException.From(failure, _options.Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused(_options.Path, failure);
        }
    }

    /// <summary>Replaces the closed, damaged database by what can be read of it.</summary>
    /// <param name="cause">For the log.</param>
    /// <param name="known">Totals that the caller knows better than the file, so that no sequence is given out twice.</param>
    public SpoolStore Repair(string cause, in SpoolTotals known)
    {
        try
        {
            string fresh = FreshPath;
            DeleteDatabase(fresh);
            SpoolTotals totals = SpoolSalvage.Copy(_options.Path, fresh, known, out _);
            string aside = MoveAside(DamagedPath());
            File.Move(fresh, _options.Path);
            ForgetOldest();
            _logger.Repaired(_options.Path, cause, aside, totals.Rows, totals.LostByCorruption);
            return OpenSound();
        }
        catch (SqliteException failure)
        {
            throw SpoolException.From(failure, _options.Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused(_options.Path, failure);
        }
    }

    /// <summary>A reading connection to the open database.</summary>
    /// <param name="recent">What is stored from now on, so that it need not be read.</param>
    public SpoolReader OpenReader(RecentPackets recent)
    {
        SqliteConnection connection = SpoolSchema.Connect(_options.Path, _options.LockTimeout);
        try
        {
            return new SpoolReader(connection, recent);
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private string FreshPath => _options.Path + ".salvage";

    private string EarlierPath => _options.Path + ".earlier";

    private static FileStream Lock(string path)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, failure);
        }

        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw Refused(path, failure);
        }
        catch (IOException failure)
        {
            throw new SpoolException(SpoolFault.InUse,
                $"The spool {path} is in use by another process ({failure.Message}). Stop that one, or {SpoolException.AnotherFolder}.", failure);
        }
    }

    private static SpoolException Refused(string path, Exception failure) => new(
        failure is UnauthorizedAccessException ? SpoolFault.AccessDenied : SpoolFault.InputOutput,
        $"The spool {path} cannot be used: {failure.Message} Make its folder writable for this user, or {SpoolException.AnotherFolder}.",
        failure);

    private static void DeleteDatabase(string path)
    {
        File.Delete(path);
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }

    /// <summary>A copy that was cut off is begun anew while its source is in its place, and finished when that was moved already.</summary>
    private void FinishCopy()
    {
        if (!File.Exists(_options.Path) && File.Exists(FreshPath))
        {
            File.Delete(_options.Path + "-wal"); // Of the file that was moved: it must not be taken for the new one's.
            File.Delete(_options.Path + "-shm");
            File.Move(FreshPath, _options.Path);
        }

        DeleteDatabase(FreshPath);
        DeleteDatabase(EarlierPath);
    }

    private SpoolStore OpenSound()
    {
        var log = new FileInfo(_options.Path + "-wal");
        bool suspect = log.Exists && log.Length > 0; // The last owner did not close it.
        SqliteConnection connection = SpoolSchema.Connect(_options.Path, _options.LockTimeout);
        try
        {
            if (SpoolSchema.CheckOrigin(connection, _options.Path) is > 0 and < SpoolSchema.Version)
            {
                connection.Dispose();
                CopyEarlier();
                connection = SpoolSchema.Connect(_options.Path, _options.LockTimeout);
            }

            SpoolSchema.Configure(connection, LogPages);
            SpoolSchema.Create(connection, _options.Path);
            if (suspect && new FileInfo(_options.Path).Length <= CheckedBytes)
            {
                ThrowIfDamaged(connection);
            }

            return new SpoolStore(connection, _boot);
        }
        catch (Exception)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Brings a file of an earlier version to today's form: its copy takes its place when it is complete.</summary>
    private void CopyEarlier()
    {
        DeleteDatabase(FreshPath);
        SpoolTotals totals = SpoolSalvage.Copy(_options.Path, FreshPath, default, out long lost);
        if (lost > 0)
        {
            throw new SqliteException($"{lost} of its readings cannot be read.", SQLitePCL.raw.SQLITE_CORRUPT);
        }

        MoveAside(EarlierPath);
        File.Move(FreshPath, _options.Path);
        DeleteDatabase(EarlierPath);
        _logger.Renewed(_options.Path, totals.Rows);
    }

    private static void ThrowIfDamaged(SqliteConnection connection)
    {
        using var check = new SqliteStatement(connection, "PRAGMA quick_check(1)");
        if (check.Step() && check.Text(0) is var answer && answer != "ok")
        {
            throw new SqliteException(answer, SQLitePCL.raw.SQLITE_CORRUPT);
        }
    }

    private string DamagedPath()
    {
        string stamp = _clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string aside = $"{_options.Path}.corrupt-{stamp}";
        for (int count = 2; File.Exists(aside); count++)
        {
            aside = $"{_options.Path}.corrupt-{stamp}-{count}";
        }

        return aside;
    }

    private string MoveAside(string aside)
    {
        File.Move(_options.Path, aside);
        if (File.Exists(_options.Path + "-wal"))
        {
            File.Move(_options.Path + "-wal", aside + "-wal", overwrite: true);
        }

        File.Delete(_options.Path + "-shm");
        return aside;
    }

    /// <summary>A failing card must not fill itself with damaged files.</summary>
    private void ForgetOldest()
    {
        string full = System.IO.Path.GetFullPath(_options.Path);
        IEnumerable<string> oldest = Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(full)!, System.IO.Path.GetFileName(full) + ".corrupt-*")
            .Where(path => !path.EndsWith("-wal", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal))
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .Skip(KeptDamagedFiles);
        foreach (string path in oldest.ToList())
        {
            DeleteDatabase(path);
        }
    }
}
