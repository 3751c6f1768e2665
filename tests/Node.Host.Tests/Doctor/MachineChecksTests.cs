using Node.Host.Doctor;

namespace Node.Host.Tests.Doctor;

public sealed class MachineChecksTests
{
    [Theory]
    [InlineData("user", "/proc/self/status", "Name:\tx\nUid:\t0\t65534\t0\t0\n", "error", "USER 1000:1000")]
    [InlineData("user", "/proc/self/status", "Uid:\t1000\t1000\t1000\t1000\n", "ok", null)]
    [InlineData("power", "/sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n", "error", "official supply")]
    [InlineData("power", "/sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n", "warning", "official supply")]
    [InlineData("power", "/sys/devices/platform/soc/soc:firmware/get_throttled", "0\n", "ok", null)]
    [InlineData("temperature", "/sys/class/thermal/thermal_zone0/temp", "85123\n", "warning", "heat sink")]
    [InlineData("temperature", "/sys/class/thermal/thermal_zone0/temp", "45123\n", "ok", null)]
    [InlineData("memory", "/proc/meminfo", "MemTotal: 1 kB\nMemAvailable:   20000 kB\n", "warning", "mem_limit")]
    [InlineData("memory", "/proc/meminfo", "MemAvailable:  900000 kB\n", "ok", null)]
    [InlineData("entropy", "/proc/sys/kernel/random/entropy_avail", "12\n", "warning", "rng-tools")]
    [InlineData("entropy", "/proc/sys/kernel/random/entropy_avail", "256\n", "ok", null)]
    [InlineData("power", "/somewhere/else", "", "ok", null)]
    public async Task What_the_machines_files_say_is_judged_and_has_its_remedy(string check, string file, string text, string expected, string? remedy)
    {
        using var rig = new DoctorRig();
        rig.Write(file, text);

        CheckResult result = await rig.MachineAsync(check);

        Assert.Equal(expected, result.Result);
        Assert.Contains(remedy ?? "", result.Remedy ?? "", StringComparison.Ordinal);
        Assert.Equal(expected == "ok", result.Remedy is null);
    }

    [Theory]
    [InlineData(5, "warning")]
    [InlineData(0, "ok")]
    [InlineData(-1, "ok")] // A container may not be allowed to ask.
    public async Task A_clock_that_nobody_keeps_is_a_warning(int state, string expected)
    {
        using var rig = new DoctorRig();
        rig.Machine = rig.Machine with { ClockState = () => state };

        Assert.Equal(expected, (await rig.MachineAsync("time-sync")).Result);
    }

    [Fact]
    public async Task The_runtime_is_named()
    {
        using var rig = new DoctorRig();

        Assert.Contains(".NET", (await rig.MachineAsync("runtime")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_real_machine_can_be_asked_without_an_exception()
    {
        var report = await new Examination([.. new MachineChecks(new MachineView()).All()], TimeSpan.FromMinutes(1), TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(7, report.Checks.Count);
        Assert.DoesNotContain(report.Checks, check => check.Remedy == "put right what the message names"); // What an exception would have become.
    }

    [Fact]
    public async Task A_check_that_hangs_ends_at_its_deadline_and_holds_up_no_other()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        DoctorCheck[] checks = [new("hangs", _ => new TaskCompletionSource<Finding>().Task), new("throws", _ => throw new InvalidOperationException("boom")), new("well", _ => Task.FromResult(Finding.Ok("fine")))];

        Task<DoctorReport> running = new Examination(checks, TimeSpan.FromSeconds(15), time).RunAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(15));
        DoctorReport report = await running;

        Assert.Equal([("hangs", "error"), ("throws", "error"), ("well", "ok")], report.Checks.Select(check => (check.Check, check.Result)));
        Assert.Contains("within 15 s", report.Checks[0].Text, StringComparison.Ordinal);
        Assert.Equal((2, 0), (report.Errors, report.Warnings));
    }
}
