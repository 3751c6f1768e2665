using System.Globalization;
using System.Text;
using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

/// <summary>
/// What a reading costs the card: the bytes that the spool's thread gave to the kernel (<c>wchar</c> in <c>/proc/self/task/*/io</c>), which are the
/// same on every machine. Alone, so that there is one such thread.
/// </summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class SpoolWearTests
{
    private const string Alone = "spool wear";
    private const int Commits = 300;
    private const int RoundsInACommit = 2; // Eight sensors every 5 s, and 10 s to a commit.

    private const int DeletedTogether = 1_024; // Four batches: so many confirmations wait for each other while a backlog drains.

    private static readonly string[] Sensors = ["climate", "office", "air", "light", "power", "door", "soil", "tank"];

    [Fact]
    public async Task A_reading_that_the_hub_confirms_costs_at_most_twice_its_sensor_and_body()
    {
        using SpoolRig rig = Rig();
        var wear = new Wear();
        var random = new Random(1);
        for (int commit = 0; commit < Commits; commit++)
        {
            await AppendAsync(rig, random, wear);
            rig.Take().ForEach(message => rig.Spool.Confirm(message.Sequence));
        }

        await rig.FlushAsync();

        wear.AssertAtMostTwice(content => content.Bytes, rig);
    }

    [Fact]
    public async Task A_reading_of_an_outage_costs_at_most_twice_what_it_counts_towards_the_capacity_its_deletion_included()
    {
        using SpoolRig rig = Rig();
        var wear = new Wear();
        var random = new Random(2);
        for (int commit = 0; commit < Commits; commit++)
        {
            await AppendAsync(rig, random, wear);
        }

        for (List<SpooledMessage> taken = rig.Take(DeletedTogether); taken.Count > 0; taken = rig.Take(DeletedTogether))
        {
            taken.ForEach(message => rig.Spool.Confirm(message.Sequence));
            await rig.FlushAsync();
        }

        Assert.Equal(0, rig.Spool.Statistics.Depth);
        wear.AssertAtMostTwice(content => content.Size, rig);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_reading_of_a_full_queue_costs_at_most_twice_what_it_counts_towards_the_capacity_although_it_is_packed_in_haste(bool isConfirmed)
    {
        using SpoolRig rig = Rig(capacityBytes: 8 << 20);
        var wear = new Wear();
        var random = new Random(3);
        for (int batch = 0; batch < 40; batch++)
        {
            await Task.WhenAll(Enumerable.Range(0, rig.Options.MaxBatch).Select(_ => AppendAsync(rig, Noise(random), wear))); // The clock stands: they come as fast as can be.
            if (isConfirmed)
            {
                rig.Take().ForEach(message => rig.Spool.Confirm(message.Sequence));
            }
        }

        for (List<SpooledMessage> taken = rig.Take(DeletedTogether); taken.Count > 0; taken = rig.Take(DeletedTogether))
        {
            taken.ForEach(message => rig.Spool.Confirm(message.Sequence));
            await rig.FlushAsync();
        }

        await rig.FlushAsync();

        Assert.Equal(0, rig.Spool.Statistics.Depth);
        wear.AssertAtMostTwice(content => content.Size, rig);
    }

    /// <summary>The smallest capacity, with which the log is copied into the database the most often.</summary>
    private static SpoolRig Rig(long capacityBytes = SpoolLimits.LeastCapacityBytes) => new(capacityBytes: capacityBytes, commitDelay: TimeSpan.FromSeconds(10));

    private static async Task AppendAsync(SpoolRig rig, Random random, Wear wear)
    {
        var appends = new List<Task>();
        for (int round = 0; round < RoundsInACommit; round++)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(5) + TimeSpan.FromTicks(random.Next(10_000)));
            foreach (string sensor in Sensors)
            {
                var entry = new SpoolEntry(sensor, rig.Clock.GetUtcNow() + TimeSpan.FromTicks(random.Next(100_000)), true, 0, Body(random));
                wear.Note(entry);
                appends.Add(rig.Spool.AppendAsync(entry, TestContext.Current.CancellationToken).AsTask());
            }
        }

        await rig.FlushAsync();
        await Task.WhenAll(appends);
    }

    private static Task<long> AppendAsync(SpoolRig rig, byte[] body, Wear wear)
    {
        var entry = new SpoolEntry(Sensors[0], rig.Clock.GetUtcNow(), true, 0, body);
        wear.Note(entry);
        return rig.Spool.AppendAsync(entry, TestContext.Current.CancellationToken).AsTask();
    }

    /// <summary>256 bytes that compress badly.</summary>
    private static byte[] Noise(Random random)
    {
        byte[] bytes = new byte[128];
        random.NextBytes(bytes);
        return Encoding.UTF8.GetBytes(Convert.ToHexStringLower(bytes));
    }

    private static byte[] Body(Random random) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $$"""{"temperature":{{20 + random.NextDouble():0.00}},"humidity":{{40 + (5 * random.NextDouble()):0.00}},"pressure":{{100_000 + (900 * random.NextDouble()):0.0}}}"""));

    /// <summary>What was stored and what that cost.</summary>
    private sealed class Wear
    {
        private readonly string _thread = Directory.EnumerateDirectories("/proc/self/task")
            .Where(task => File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == "spool")
            .Select(task => Path.Combine(task, "io"))
            .Where(File.Exists)
            .LastOrDefault() ?? "";

        private long _readings;
        private long _contentBytes;
        private long _size;
        private readonly long _before;

        public Wear()
        {
            Assert.SkipWhen(_thread.Length == 0, "the kernel does not count what a thread writes");
            _before = Written;
        }

        private long Written => File.ReadLines(_thread).Where(line => line.StartsWith("wchar: ", StringComparison.Ordinal))
            .Select(line => long.Parse(line.AsSpan("wchar: ".Length), CultureInfo.InvariantCulture)).Single();

        public void Note(in SpoolEntry entry)
        {
            _readings++;
            _contentBytes += entry.Component.Length + entry.Body.Length;
            _size += RowSize.Of(entry);
        }

        public void AssertAtMostTwice(Func<(long Bytes, long Size), long> choose, SpoolRig rig)
        {
            long written = Written - _before + new FileInfo(rig.Options.Path).Length; // What is still in the log will be copied too: as if that were the whole file.
            string text = string.Create(CultureInfo.InvariantCulture,
                $"{(double)written / _readings:0} bytes a reading of {(double)_contentBytes / _readings:0} bytes, {(double)_size / _readings:0} as the capacity counts");
            TestContext.Current.TestOutputHelper?.WriteLine(text);
            Assert.True(written <= 2 * choose((_contentBytes, _size)), text);
        }
    }
}
