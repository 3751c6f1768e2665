using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

public sealed class SpoolTests
{
    [Fact]
    public async Task Sequences_have_no_gaps_and_messages_come_back_as_they_went()
    {
        using var rig = new SpoolRig();
        var at = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

        Assert.Equal(1, await rig.AppendAsync("""{"t":1}""", sampledAt: at, synced: false));
        Assert.Equal(2, await rig.AppendAsync("""{"t":2}"""));

        List<SpooledMessage> taken = rig.Take();
        Assert.Equal(["boot1-1", "boot1-2"], taken.Select(message => message.MessageId));
        Assert.Equal((at, false, 0, "climate", """{"t":1}"""), (taken[0].SampledAt, taken[0].TimeSynced, taken[0].Priority, taken[0].Component, Encoding.UTF8.GetString(taken[0].Body.Span)));
    }

    [Fact]
    public async Task A_message_is_handed_out_once_until_it_is_released_and_then_in_its_place()
    {
        using var rig = new SpoolRig();
        for (int number = 1; number <= 4; number++)
        {
            await rig.AppendAsync("{}");
        }

        Assert.Equal([1L, 2L], rig.Take(2).Select(message => message.Sequence));
        Assert.Equal([3L], rig.Take(1).Select(message => message.Sequence));
        rig.Spool.Release(2);
        rig.Spool.Release(1);
        rig.Spool.Release(77);

        Assert.Equal([1L, 2L, 4L], rig.Take().Select(message => message.Sequence));
        Assert.Empty(rig.Take());
    }

    [Fact]
    public async Task A_confirmed_message_is_deleted_and_stays_so_after_a_restart()
    {
        using var rig = new SpoolRig();
        await rig.AppendAsync("{}");
        await rig.AppendAsync("{}");
        rig.Take();
        rig.Spool.Confirm(1);
        rig.Spool.Confirm(1);
        await rig.FlushAsync();
        rig.Close();
        rig.Reopen();

        Assert.Equal([2L], rig.Take().Select(message => message.Sequence));
        Assert.Equal((1L, 2L, 1L), (rig.Spool.Statistics.Depth, rig.Spool.Statistics.AppendedTotal, rig.Spool.Statistics.ConfirmedTotal));
    }

    [Fact]
    public async Task Sequence_and_boot_of_the_unconfirmed_survive_and_new_ones_go_on_from_there()
    {
        using var rig = new SpoolRig();
        await rig.AppendAsync("{}");
        rig.Take();
        rig.Close();
        rig.Reopen();
        await rig.AppendAsync("{}");

        Assert.Equal(["boot1-1", "boot2-2"], rig.Take().Select(message => message.MessageId));
    }

    [Fact]
    public async Task The_sequence_goes_on_when_everything_was_deleted()
    {
        using var rig = new SpoolRig();
        await rig.AppendAsync("{}");
        rig.Take();
        rig.Spool.Confirm(1);
        await rig.FlushAsync();
        rig.Close();
        rig.Reopen();

        Assert.Equal(2, await rig.AppendAsync("{}"));
        Assert.Equal(2, rig.Spool.Statistics.LastDurableSequence);
    }

    [Fact]
    public async Task Alarms_go_before_everything_else()
    {
        using var rig = new SpoolRig();
        await rig.AppendAsync("{}");
        await rig.AppendAsync("{}", priority: 1);
        await rig.AppendAsync("{}");
        await rig.AppendAsync("{}", priority: 1);

        Assert.Equal([2L, 4L, 1L, 3L], rig.Take().Select(message => message.Sequence));
    }

    [Fact]
    public async Task At_its_capacity_the_oldest_normal_messages_go_and_are_counted_for_good()
    {
        using var rig = new SpoolRig(capacityBytes: 1 << 20);
        string body = new('x', 10_000);
        await rig.AppendAsync(body, priority: 1);
        for (int number = 0; number < 300; number++)
        {
            await rig.AppendAsync(body);
        }

        SpoolStatistics full = rig.Spool.Statistics;
        rig.Close();
        rig.Reopen();
        SpoolStatistics later = rig.Spool.Statistics;
        List<SpooledMessage> left = rig.Take();

        Assert.InRange(full.Bytes, 800_000, 1 << 20);
        Assert.Equal(301, full.Depth + full.DroppedByCapacity);
        Assert.Equal((full.Depth, full.DroppedByCapacity), (later.Depth, later.DroppedByCapacity));
        Assert.Equal(1, left[0].Sequence); // the alarm outlived every older normal message
        Assert.Equal(301, left[^1].Sequence);
        Assert.True(new FileInfo(rig.Options.Path).Length <= (1 << 20) + 4096, $"{new FileInfo(rig.Options.Path).Length} bytes");
    }

    [Fact]
    public async Task What_is_too_old_is_dropped_and_a_time_in_doubt_goes_by_its_neighbours()
    {
        using var rig = new SpoolRig(maxAge: TimeSpan.FromHours(1));
        DateTimeOffset old = rig.Clock.GetUtcNow() - TimeSpan.FromHours(2);
        await rig.AppendAsync("{}", sampledAt: old, synced: false); // before one that will be too old: so is it
        await rig.AppendAsync("{}");
        rig.Clock.Advance(TimeSpan.FromHours(2));
        await rig.AppendAsync("{}", sampledAt: old, synced: false); // nothing too old comes after it
        await rig.AppendAsync("{}");
        await rig.FlushAsync();

        Assert.Equal([3L, 4L], rig.Take().Select(message => message.Sequence));
        Assert.Equal(2, rig.Spool.Statistics.DroppedByAge);
    }

    [Fact]
    public async Task The_file_shrinks_after_a_drain()
    {
        using var rig = new SpoolRig();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(number => rig.AppendAsync(Noise(number, 10_000))));
        long full = new FileInfo(rig.Options.Path).Length + new FileInfo(rig.Options.Path + "-wal").Length;

        rig.Take().ForEach(message => rig.Spool.Confirm(message.Sequence));
        await rig.FlushAsync();
        rig.Close();

        Assert.True(full > 4_000_000, $"{full}");
        Assert.True(new FileInfo(rig.Options.Path).Length < 200_000, $"{new FileInfo(rig.Options.Path).Length}");
        rig.Reopen();
    }

    [Fact]
    public async Task Appends_that_come_together_share_a_commit()
    {
        using var rig = new SpoolRig(commitDelay: TimeSpan.FromSeconds(1));
        long before = rig.Spool.Statistics.Commits;
        Task<long>[] appends = [.. Enumerable.Range(0, 200).Select(_ => rig.AppendAsync("{}"))];
        Assert.DoesNotContain(appends, append => append.IsCompleted);

        await rig.FlushAsync();
        await Task.WhenAll(appends);

        Assert.Equal(1, rig.Spool.Statistics.Commits - before);
        Assert.Equal(Enumerable.Range(1, 200).Select(number => (long)number), appends.Select(append => append.Result).Order());
    }

    [Fact]
    public async Task An_append_waits_no_longer_than_the_commit_delay()
    {
        using var rig = new SpoolRig(commitDelay: TimeSpan.FromSeconds(10));
        Task<long> append = rig.AppendAsync("{}");
        while (!append.IsCompleted)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            Assert.True(rig.Clock.GetUtcNow().Year == 2026, "never committed");
        }

        Assert.Equal(1, await append);
    }

    [Fact]
    public async Task A_card_is_written_no_more_than_six_times_a_minute_when_readings_may_wait_ten_seconds()
    {
        using var rig = new SpoolRig(commitDelay: TimeSpan.FromSeconds(10));
        long before = rig.Spool.Statistics.Commits;
        DateTimeOffset begun = rig.Clock.GetUtcNow();
        var appends = new List<Task>();
        for (int second = 0; second < 600; second++)
        {
            appends.AddRange(Enumerable.Range(0, second % 5 == 0 ? 8 : 0).Select(_ => rig.AppendAsync("{}")));
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
            rig.Take().ForEach(message => rig.Spool.Confirm(message.Sequence)); // The hub confirms at once: deletions must not add writes.
            await Task.Yield();
        }

        await rig.FlushAsync();
        await Task.WhenAll(appends);
        double minutes = (rig.Clock.GetUtcNow() - begun).TotalMinutes;
        Assert.InRange(rig.Spool.Statistics.Commits - before, 2, (6 * minutes) + 1);
    }

    [Fact]
    public void Two_nodes_cannot_share_a_spool()
    {
        using var rig = new SpoolRig();

        SpoolException thrown = Assert.Throws<SpoolException>(() => Node.Host.Spool.Spool.Open(rig.Options, "other", rig.Clock, NullLogger.Instance));

        Assert.Equal(SpoolFault.InUse, thrown.Fault);
        Assert.Contains(rig.Options.Path, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_file_is_refused_and_left_alone()
    {
        using var rig = new SpoolRig();
        rig.Close();
        Execute(rig.Options.Path, "PRAGMA user_version = 99");
        byte[] before = File.ReadAllBytes(rig.Options.Path);

        SpoolException thrown = Assert.Throws<SpoolException>(rig.Reopen);

        Assert.Equal(SpoolFault.NewerVersion, thrown.Fault);
        Assert.Equal(before, File.ReadAllBytes(rig.Options.Path));
        Execute(rig.Options.Path, $"PRAGMA user_version = {SpoolSchema.Version}");
        rig.Reopen();
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_alone()
    {
        using var rig = new SpoolRig();
        rig.Close();
        File.Delete(rig.Options.Path);
        Execute(rig.Options.Path, "CREATE TABLE photos (id INTEGER)");

        Assert.Equal(SpoolFault.Foreign, Assert.Throws<SpoolException>(rig.Reopen).Fault);

        File.Delete(rig.Options.Path);
        rig.Reopen();
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task A_damaged_file_is_moved_aside_and_what_can_be_read_goes_on(int seed)
    {
        using var rig = new SpoolRig();
        for (int number = 0; number < 200; number++)
        {
            await rig.AppendAsync($$"""{"n":{{number}},"pad":"{{Noise(number, 600)}}"}""");
        }

        rig.Close();
        Damage(rig.Options.Path, seed);
        rig.Reopen();
        List<SpooledMessage> left = rig.Take();
        long next = await rig.AppendAsync("{}");

        Assert.NotEmpty(Directory.GetFiles(rig.Folder, "spool.db.corrupt-*"));
        Assert.InRange(left.Count, 20, 199); // Three places of 2,000 bytes; a page that leads to others takes them along.
        Assert.Equal(200 - left.Count, rig.Spool.Statistics.LostByCorruption);
        Assert.Equal(left.Select(message => message.Sequence).Order(), left.Select(message => message.Sequence));
        Assert.All(left, message => Assert.StartsWith("{\"n\":", Encoding.UTF8.GetString(message.Body.Span), StringComparison.Ordinal));
        Assert.True(next > left.Select(message => message.Sequence).DefaultIfEmpty().Max(), $"{next} was given out before");
    }

    [Fact]
    public void A_file_that_is_no_database_is_moved_aside()
    {
        using var rig = new SpoolRig();
        rig.Close();
        File.WriteAllText(rig.Options.Path, new string('?', 20_000));

        rig.Reopen();

        Assert.Single(Directory.GetFiles(rig.Folder, "spool.db.corrupt-*"));
        Assert.Equal(0, rig.Spool.Statistics.Depth);
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData("climate", 300_000)]
    public async Task An_entry_out_of_bounds_is_refused_at_once(string component, int bodyBytes)
    {
        using var rig = new SpoolRig();

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await rig.Spool.AppendAsync(
            new SpoolEntry(component, rig.Clock.GetUtcNow(), true, 0, new byte[bodyBytes]), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task After_its_end_the_spool_takes_nothing()
    {
        using var rig = new SpoolRig();
        await rig.AppendAsync("{}");
        await rig.Spool.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => rig.AppendAsync("{}"));
        rig.Reopen();
        Assert.Single(rig.Take());
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Text that does not compress to nothing.</summary>
    private static string Noise(int seed, int length)
    {
        byte[] bytes = new byte[length * 3 / 4];
        new Random(seed).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static void Damage(string path, int seed)
    {
        var random = new Random(seed);
        byte[] file = File.ReadAllBytes(path);
        for (int page = 0; page < 3; page++)
        {
            int at = SpoolStore.PageBytes * random.Next(12, (file.Length / SpoolStore.PageBytes) - 4);
            random.NextBytes(file.AsSpan(at, 2_000));
        }

        File.WriteAllText(path + "-wal", "torn"); // The last owner did not close it: the file is checked.
        File.WriteAllBytes(path, file);
    }
}
