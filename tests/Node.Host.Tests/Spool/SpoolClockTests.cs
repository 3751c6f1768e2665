using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

/// <summary>Readings that were taken before the clock was right.</summary>
public sealed class SpoolClockTests
{
    private static readonly DateTimeOffset Wrong = new(1970, 1, 1, 0, 5, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Right = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Get_their_time_from_the_monotonic_clock_once_it_is_right()
    {
        using var rig = new SpoolRig();
        rig.Reopen("run-1");
        await AppendAsync(rig, seconds: 10);
        await AppendAsync(rig, seconds: 20);

        rig.Spool.CorrectClock(Right - DateTimeOffset.UnixEpoch - TimeSpan.FromSeconds(30)); // It is right 30 s after the machine's start.
        await rig.FlushAsync();

        Assert.Equal(
            [(Right - TimeSpan.FromSeconds(20), true), (Right - TimeSpan.FromSeconds(10), true)],
            rig.Take().Select(message => (message.SampledAt, message.TimeSynced)));
    }

    [Fact]
    public async Task Get_it_after_a_restart_of_the_program_too()
    {
        using var rig = new SpoolRig();
        rig.Reopen("run-1");
        await AppendAsync(rig, seconds: 10);
        rig.Reopen("run-1"); // The program was restarted, the machine was not.
        rig.Spool.CorrectClock(Right - DateTimeOffset.UnixEpoch - TimeSpan.FromSeconds(30));
        await rig.FlushAsync();
        rig.Reopen("run-2"); // The machine was.

        SpooledMessage message = Assert.Single(rig.Take());

        Assert.Equal((Right - TimeSpan.FromSeconds(20), true, "boot2"), (message.SampledAt, message.TimeSynced, message.BootId));
    }

    [Fact]
    public async Task Keep_what_they_have_when_the_machine_went_down_before()
    {
        using var rig = new SpoolRig();
        rig.Reopen("run-1");
        await AppendAsync(rig, seconds: 10);
        rig.Reopen("run-2");
        rig.Spool.CorrectClock(Right - DateTimeOffset.UnixEpoch - TimeSpan.FromSeconds(30));
        await rig.FlushAsync();

        SpooledMessage message = Assert.Single(rig.Take());

        Assert.Equal((Wrong, false), (message.SampledAt, message.TimeSynced));
    }

    [Fact]
    public async Task A_time_that_was_right_is_left_alone_and_so_is_the_quality()
    {
        using var rig = new SpoolRig();
        rig.Reopen("run-1");
        await rig.Spool.AppendAsync(
            new SpoolEntry("climate", Right, true, 0, "{}"u8.ToArray()) { Monotonic = TimeSpan.FromSeconds(1), Quality = "stuck" }, TestContext.Current.CancellationToken);
        rig.Spool.CorrectClock(Right - DateTimeOffset.UnixEpoch);
        await rig.FlushAsync();
        rig.Reopen("run-1");

        SpooledMessage message = Assert.Single(rig.Take());

        Assert.Equal((Right, true, "stuck"), (message.SampledAt, message.TimeSynced, message.Quality));
    }

    private static async Task AppendAsync(SpoolRig rig, int seconds) => await rig.Spool.AppendAsync(
        new SpoolEntry("climate", Wrong, TimeSynced: false, 0, "{}"u8.ToArray()) { Monotonic = TimeSpan.FromSeconds(seconds) }, TestContext.Current.CancellationToken);
}
