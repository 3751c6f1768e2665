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
    public void A_damaged_file_of_version_1_is_read_into_one_of_today()
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

        Assert.NotEmpty(Directory.GetFiles(rig.Folder, "*.corrupt-*"));
        Assert.Equal(["old-3", "old-2"], rig.Take().Select(message => message.MessageId));
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
