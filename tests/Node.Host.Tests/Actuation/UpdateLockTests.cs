using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Actuation;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Actuation;

public sealed class UpdateLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private bool _isWorking;

    private string Path => _folder.File("balena/updates.lock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_held_while_something_works_and_gone_afterwards()
    {
        using UpdateLock updates = Make();
        Assert.False(File.Exists(Path));

        _isWorking = true;
        updates.Look();
        Assert.True(updates.IsHeld && File.Exists(Path));
        Assert.Throws<IOException>(() => new FileStream(Path, FileMode.CreateNew).Dispose());

        _isWorking = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(updates.IsHeld || File.Exists(Path));
    }

    [Fact]
    public void Another_process_sees_the_lock_on_the_file_too()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "flock is not installed");
        _isWorking = true;
        using UpdateLock updates = Make();
        updates.Look();

        using var flock = Process.Start("flock", ["-n", Path, "true"]);
        flock.WaitForExit();

        Assert.NotEqual(0, flock.ExitCode);
    }

    [Fact]
    public void An_update_is_held_up_for_a_bounded_time_and_then_only_by_new_work()
    {
        _isWorking = true;
        using UpdateLock updates = Make();
        updates.Look();

        _time.Advance(UpdateLock.Longest - TimeSpan.FromSeconds(1));
        Assert.True(File.Exists(Path));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(File.Exists(Path));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(File.Exists(Path));

        _isWorking = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        _isWorking = true;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(File.Exists(Path));
    }

    [Fact]
    public void After_an_override_it_is_taken_anew_without_a_longer_bound()
    {
        _isWorking = true;
        using UpdateLock updates = Make();
        updates.Look();
        _time.Advance(UpdateLock.Longest / 2);

        File.Delete(Path);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(File.Exists(Path));

        _time.Advance(UpdateLock.Longest / 2);
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void The_final_flush_holds_it_until_the_end()
    {
        UpdateLock updates = Make();
        updates.NoteFinalFlush();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(File.Exists(Path));

        updates.Dispose();
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void What_a_killed_run_left_is_removed_and_what_others_wrote_is_not()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, "sensornode\n");
        Make().Dispose();
        Assert.False(File.Exists(Path));

        File.WriteAllText(Path, "an operator's");
        _isWorking = true;
        using (UpdateLock updates = Make())
        {
            updates.Look();
            Assert.False(updates.IsHeld);
        }

        Assert.True(File.Exists(Path));
    }

    [Fact]
    public void Without_a_path_nothing_happens()
    {
        _isWorking = true;
        using var updates = new UpdateLock(null, () => _isWorking, _time, NullLogger.Instance);

        updates.Look();

        Assert.False(updates.IsHeld);
    }

    private UpdateLock Make() => new(Path, () => _isWorking, _time, NullLogger.Instance);
}
