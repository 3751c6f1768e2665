using System.Text;
using Microsoft.Data.Sqlite;
using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

/// <summary>Files that earlier versions of the program wrote.</summary>
public sealed class SpoolVersionTests
{
    // What version 1 left behind: two readings of its third boot, and one confirmed before.
    private const string Version1 = """
        PRAGMA auto_vacuum = INCREMENTAL;
        CREATE TABLE boot (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
        CREATE TABLE message (sequence INTEGER PRIMARY KEY, boot INTEGER NOT NULL, component TEXT NOT NULL, sampled_at INTEGER NOT NULL,
            time_synced INTEGER NOT NULL, priority INTEGER NOT NULL, appended_bytes INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE INDEX message_alarm ON message (priority, sequence) WHERE priority = 1;
        CREATE TABLE totals (id INTEGER PRIMARY KEY CHECK (id = 1), last_sequence INTEGER NOT NULL, appended_bytes INTEGER NOT NULL,
            removed_bytes INTEGER NOT NULL, confirmed INTEGER NOT NULL, dropped_by_capacity INTEGER NOT NULL, dropped_by_age INTEGER NOT NULL,
            lost_by_corruption INTEGER NOT NULL) STRICT;
        CREATE VIEW readable AS SELECT sequence, boot.name AS boot, component, datetime(sampled_at / 10000000, 'unixepoch') AS sampled_at,
            time_synced, priority, CAST(body AS TEXT) AS body FROM message JOIN boot ON boot.id = message.boot;
        INSERT INTO boot VALUES (3, 'old');
        INSERT INTO message VALUES (2, 3, 'climate', 17672256000000000, 1, 0, 146, CAST('{"a":1}' AS BLOB)), (3, 3, 'door', 17672256010000000, 0, 1, 219, CAST('{"b":2}' AS BLOB));
        INSERT INTO totals VALUES (1, 3, 219, 73, 1, 0, 0, 0);
        PRAGMA application_id = 1397642064;
        PRAGMA user_version = 1;
        """;

    // What the step to version 2 made of it, and seven hundred readings since.
    private const string ToVersion2 = """
        ALTER TABLE boot ADD COLUMN kernel TEXT;
        ALTER TABLE boot ADD COLUMN clock_offset INTEGER;
        ALTER TABLE message ADD COLUMN monotonic INTEGER;
        ALTER TABLE message ADD COLUMN quality TEXT;
        ALTER TABLE totals ADD COLUMN dropped_by_thinning INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE totals ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
        UPDATE boot SET kernel = 'run', clock_offset = 17672256000000000;
        UPDATE message SET monotonic = 10000000 WHERE sequence = 3;
        INSERT INTO boot VALUES (4, 'late', 'run', NULL);
        WITH RECURSIVE n(i) AS (VALUES (4) UNION ALL SELECT i + 1 FROM n WHERE i < 703)
        INSERT INTO message SELECT i, 4, 'climate', 17672256020000000 + i, 1, 0, 219 + (i - 3) * 80, CAST('{"n":' || i || '}' AS BLOB), NULL, 'stuck' FROM n;
        PRAGMA user_version = 2;
        """;

    [Fact]
    public async Task A_file_of_version_1_goes_on_as_if_nothing_had_happened()
    {
        using var rig = new SpoolRig();
        rig.Close();
        File.Delete(rig.Options.Path);
        Execute(rig.Options.Path, Version1);
        rig.Reopen();

        List<SpooledMessage> left = rig.Take();

        Assert.Equal(["old-3", "old-2"], left.Select(message => message.MessageId));
        Assert.Equal(("door", 1, false, "good", """{"b":2}"""),
            (left[0].Component, left[0].Priority, left[0].TimeSynced, left[0].Quality, Encoding.UTF8.GetString(left[0].Body.Span)));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), left[1].SampledAt);
        Assert.Equal((2, 1, 0), (rig.Spool.Statistics.Depth, rig.Spool.Statistics.ConfirmedTotal, rig.Spool.Statistics.Dropped));
        Assert.Equal(4, await rig.AppendAsync("{}"));
        Assert.Empty(Directory.GetFiles(rig.Folder, "*.corrupt-*"));
    }

    [Fact]
    public void A_file_of_version_1_whose_index_is_damaged_loses_nothing()
    {
        using var rig = new SpoolRig();
        rig.Close();
        File.Delete(rig.Options.Path);
        Execute(rig.Options.Path, Version1);
        byte[] file = File.ReadAllBytes(rig.Options.Path);
        Array.Fill(file, (byte)0x5A, 4096 * IndexPage(rig.Options.Path), 200); // The alarm index: the messages themselves stay readable.
        File.WriteAllBytes(rig.Options.Path, file);
        File.WriteAllText(rig.Options.Path + "-wal", "torn"); // The last owner did not close it: the file is checked.

        rig.Reopen();

        Assert.Equal(["old-3", "old-2"], rig.Take().Select(message => message.MessageId));
        Assert.Equal(0, rig.Spool.Statistics.LostByCorruption);
    }

    [Fact]
    public async Task A_file_of_version_2_keeps_boots_clock_and_counts()
    {
        using var rig = new SpoolRig();
        rig.Close();
        File.Delete(rig.Options.Path);
        Execute(rig.Options.Path, Version1 + ToVersion2);
        rig.Reopen();

        List<SpooledMessage> left = rig.Take();
        SpoolStatistics statistics = rig.Spool.Statistics;

        Assert.Equal(702, left.Count);
        Assert.Equal(["old-3", "old-2", "late-4", "late-5"], left.Take(4).Select(message => message.MessageId));
        Assert.Equal((SpoolTime.FromStored(17_672_256_010_000_000), true), (left[0].SampledAt, left[0].TimeSynced)); // Dated by the machine's monotonic clock.
        Assert.Equal(("stuck", "climate", """{"n":703}"""), (left[^1].Quality, left[^1].Component, Encoding.UTF8.GetString(left[^1].Body.Span)));
        Assert.Equal((702, 703, 1, 0), (statistics.Depth, statistics.AppendedTotal, statistics.ConfirmedTotal, statistics.Dropped));
        Assert.Equal(704, await rig.AppendAsync("{}"));
        Assert.Equal(["spool.db", "spool.db.lock"], Directory.GetFiles(rig.Folder).Select(Path.GetFileName).Where(name => !name!.EndsWith("-wal", StringComparison.Ordinal) && !name.EndsWith("-shm", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_damaged_file_of_version_2_gives_what_can_be_read_and_counts_the_rest()
    {
        using var rig = new SpoolRig();
        rig.Close();
        File.Delete(rig.Options.Path);
        Execute(rig.Options.Path, Version1 + ToVersion2);
        byte[] file = File.ReadAllBytes(rig.Options.Path);
        Array.Fill(file, (byte)0x5A, 4096 * 9, 4096);
        File.WriteAllBytes(rig.Options.Path, file);

        rig.Reopen();

        List<SpooledMessage> left = rig.Take();
        Assert.NotEmpty(Directory.GetFiles(rig.Folder, "*.corrupt-*"));
        Assert.InRange(left.Count, 400, 701);
        Assert.Equal(702 - left.Count, rig.Spool.Statistics.LostByCorruption);
    }

    [Fact]
    public async Task A_power_cut_while_an_earlier_file_gives_way_loses_nothing()
    {
        using var rig = new SpoolRig();
        await rig.AppendAsync("{}");
        rig.Close();
        File.Copy(rig.Options.Path, rig.Options.Path + ".salvage");
        File.Delete(rig.Options.Path);
        Execute(rig.Options.Path, Version1);
        File.Move(rig.Options.Path, rig.Options.Path + ".earlier"); // The cut came when the earlier file was moved and its log was not,
        File.WriteAllBytes(rig.Options.Path + "-wal", [.. "a log of another file"u8]); // and before the new file came in its place.

        rig.Reopen();

        Assert.Equal(["boot1-1"], rig.Take().Select(message => message.MessageId));
        Assert.False(File.Exists(rig.Options.Path + ".earlier"));
        Assert.Empty(Directory.GetFiles(rig.Folder, "*.corrupt-*"));
    }

    private static int IndexPage(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT rootpage FROM sqlite_schema WHERE name = 'message_alarm'";
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) - 1;
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
