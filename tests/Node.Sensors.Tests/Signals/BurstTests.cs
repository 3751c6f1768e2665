using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Node.Sensors.Signals;

namespace Node.Sensors.Tests.Signals;

public sealed class BurstTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, 250, TimeSpan.Zero);
    private static readonly BurstHeader Header = new("motor", "gForce", ["x", "y", "z"], 3200, 1.0 / 256, Start);

    private readonly string _folder = Directory.CreateTempSubdirectory("bursts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_minute_at_3200_hertz_is_captured_without_a_lost_sample()
    {
        // x carries its own number: it counts to 4000 in steps of the chip's resolution and begins again.
        TimeSpan first = TimeSpan.FromMilliseconds(1.1) + TimeSpan.FromTicks(3_125);
        using VibrationBench bench = new(at => (((long)Math.Floor((at - first) / TimeSpan.FromTicks(3_125)) + 4000) % 4000 - 2000) / 256.0);
        BurstCapture capture = new(bench.Recorder, new BurstFolder(_folder), bench.Bench.Clock);

        Burst burst = await bench.Run(new ValueTask<Burst>(capture.RecordAsync("motor", TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)));

        short[] samples = Samples(burst.Path);
        Assert.Equal((192_000, 0, 0), (burst.Samples, burst.Gaps, burst.Clipped));
        Assert.Equal(192_000 * 3, samples.Length);
        for (int i = 1; i < 192_000; i++)
        {
            int step = samples[i * 3] - samples[(i - 1) * 3];
            Assert.True(step is 1 or -3999, $"Sample {i} follows by {step}.");
        }

        using JsonDocument comment = Comment(burst.Path);
        Assert.Equal(burst.Start, comment.RootElement.GetProperty("start").GetDateTimeOffset());
        Assert.Equal(3200, comment.RootElement.GetProperty("rateHertz").GetDouble());
    }

    [Fact]
    public void The_file_is_a_WAV_that_says_what_it_holds()
    {
        BurstFolder folder = new(_folder);
        using BurstFile file = folder.Create(Header);
        file.Append([1, -1, 0.5]);
        file.NoteGap();
        file.Append([200, 0, 0]); // more than 16 bits hold
        string path = file.Complete();
        byte[] bytes = File.ReadAllBytes(path);

        Assert.Equal("20260131T120000.250Z-motor.wav", Path.GetFileName(path));
        Assert.Equal("RIFF", Encoding.ASCII.GetString(bytes, 0, 4));
        Assert.Equal(bytes.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)));
        Assert.Equal((1, 3, 3200, 19_200, 6, 16), (Word(bytes, 20), Word(bytes, 22), Number(bytes, 24), Number(bytes, 28), Word(bytes, 32), Word(bytes, 34)));
        Assert.Equal([256, -256, 128, short.MaxValue, 0, 0], Samples(path));
        using JsonDocument comment = Comment(path);
        Assert.Equal(
            """{"sensor":"motor","unit":"gForce","channels":["x","y","z"],"rateHertz":3200,"unitsPerCount":0.00390625,"start":"2026-01-31T12:00:00.25+00:00","samples":2,"gaps":[1],"gapCount":1,"clipped":1,"complete":true}""",
            comment.RootElement.GetRawText());
    }

    [Fact]
    public void Whatever_a_crash_leaves_behind_becomes_a_readable_file_or_nothing()
    {
        BurstFolder folder = new(_folder);
        string whole;
        using (BurstFile file = folder.Create(Header))
        {
            for (int i = 0; i < 100; i++)
            {
                if (i == 10) { file.NoteGap(); }

                file.Append([i / 256.0, 0, 0]);
            }

            whole = Assert.Single(Directory.GetFiles(_folder)); // closed without Complete, as by a crash
        }

        byte[] bytes = File.ReadAllBytes(whole);
        File.Delete(whole);
        Assert.EndsWith(".wav.part", whole, StringComparison.Ordinal);
        for (int length = 0; length <= bytes.Length; length += length < 1100 ? 97 : 7)
        {
            File.WriteAllBytes(whole, bytes[..length]);
            IReadOnlyList<string> saved = folder.Recover();

            int samples = Math.Max(0, (length - 1088) / 6);
            Assert.False(File.Exists(whole));
            Assert.Equal(samples > 0 ? 1 : 0, saved.Count);
            if (saved.Count == 0) { continue; }

            Assert.Equal(samples * 3, Samples(saved[0]).Length);
            using JsonDocument comment = Comment(saved[0]);
            Assert.Equal((samples, 1, false), (comment.RootElement.GetProperty("samples").GetInt32(), comment.RootElement.GetProperty("gapCount").GetInt32(), comment.RootElement.GetProperty("complete").GetBoolean()));
            File.Delete(saved[0]);
        }
    }

    [Fact]
    public void Strange_files_are_no_obstacle_to_recovery()
    {
        Random random = new(5);
        byte[] noise = new byte[3000];
        random.NextBytes(noise);
        File.WriteAllBytes(Path.Combine(_folder, "a.wav.part"), noise);
        File.WriteAllText(Path.Combine(_folder, "b.txt"), "not ours");

        Assert.Empty(new BurstFolder(_folder).Recover());
        Assert.Equal(["b.txt"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void The_oldest_bursts_go_when_the_folder_is_full()
    {
        BurstFolder few = new(_folder, mostFiles: 2);
        BurstFolder small = new(_folder, mostBytes: 1500);
        for (int i = 0; i < 4; i++)
        {
            using BurstFile file = few.Create(Header with { Start = Start.AddSeconds(i) });
            file.Append([0, 0, 0]);
            file.Complete();
        }

        Assert.Equal(2, few.Trim());
        Assert.Equal(["20260131T120002.250Z-motor.wav", "20260131T120003.250Z-motor.wav"], few.Files.Select(Path.GetFileName));
        Assert.Equal(1, small.Trim());
        Assert.Equal(0, small.Trim()); // the newest stays, even if it is too large alone
        Assert.Equal((2, 1), (few.Dropped, small.Dropped));
    }

    [Fact]
    public void A_header_that_makes_no_sense_is_refused()
    {
        string path = Path.Combine(_folder, "x.wav");

        Assert.Throws<ArgumentOutOfRangeException>(() => new BurstFile(path, Header with { UnitsPerCount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BurstFile(path, Header with { Channels = [] }));
        Assert.Throws<ArgumentException>(() => new BurstFile(path, Header with { Channels = [new string('x', 2000)] }));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static int Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static int Number(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    /// <summary>The samples, found as a stranger's program would: chunk by chunk.</summary>
    private static short[] Samples(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        (int at, int length) = Chunk(bytes, "data");
        Assert.Equal(bytes.Length, at + length);
        return [.. Enumerable.Range(0, length / 2).Select(i => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at + (2 * i))))];
    }

    private static JsonDocument Comment(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        (int at, int length) = Chunk(bytes, "LIST");
        Assert.Equal("INFOICMT", Encoding.ASCII.GetString(bytes, at, 8));
        return JsonDocument.Parse(Encoding.UTF8.GetString(bytes, at + 12, length - 12));
    }

    private static (int At, int Length) Chunk(byte[] bytes, string name)
    {
        int at = 12;
        while (Encoding.ASCII.GetString(bytes, at, 4) != name) { at += 8 + Number(bytes, at + 4); }

        return (at + 8, Number(bytes, at + 4));
    }
}
