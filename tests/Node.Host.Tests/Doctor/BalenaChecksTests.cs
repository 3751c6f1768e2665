using Node.Host.Doctor;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Doctor;

public sealed class BalenaChecksTests
{
    [Fact]
    public async Task Off_balena_there_is_nothing_to_check()
    {
        using var rig = new DoctorRig();

        Assert.Equal(("ok", "ok"), ((await RunAsync(rig, "update-lock")).Result, (await RunAsync(rig, "supervisor")).Result));
    }

    [Fact]
    public async Task An_update_lock_that_cannot_be_taken_is_an_error_and_looking_leaves_none_behind()
    {
        using var rig = new DoctorRig();
        rig.Variables["BALENA_APP_LOCK_PATH"] = rig.Root.File("updates.lock");
        CheckResult good = await RunAsync(rig, "update-lock");
        rig.Variables["BALENA_APP_LOCK_PATH"] = "/proc/none/updates.lock";
        CheckResult bad = await RunAsync(rig, "update-lock");

        Assert.Equal(("ok", "error"), (good.Result, bad.Result));
        Assert.Empty(Directory.GetFiles(rig.Root.Path));
    }

    [Fact]
    public async Task A_supervisor_that_may_not_be_asked_or_does_not_answer_is_told_with_the_label()
    {
        using var rig = new DoctorRig();
        rig.Variables["BALENA"] = "1";
        CheckResult forbidden = await RunAsync(rig, "supervisor");
        rig.Variables["BALENA_SUPERVISOR_ADDRESS"] = "http://127.0.0.1:9";
        CheckResult silent = await RunAsync(rig, "supervisor");

        Assert.Equal(("warning", "error"), (forbidden.Result, silent.Result));
        Assert.Contains("io.balena.features.supervisor-api: '1'", forbidden.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_supervisor_that_answers_is_well()
    {
        using var rig = new DoctorRig();
        await using var server = await LoopbackHttp.StartAsync();
        rig.Variables["BALENA"] = "1";
        rig.Variables["BALENA_SUPERVISOR_ADDRESS"] = server.Url;

        Assert.Equal("ok", (await RunAsync(rig, "supervisor")).Result);
    }

    [Fact]
    public async Task A_supervisor_that_answers_with_a_fault_is_an_error()
    {
        using var rig = new DoctorRig();
        await using var server = await LoopbackHttp.StartAsync(status: "503 Service Unavailable");
        rig.Variables["BALENA"] = "1";
        rig.Variables["BALENA_SUPERVISOR_ADDRESS"] = server.Url;

        CheckResult found = await RunAsync(rig, "supervisor");

        Assert.Equal("error", found.Result);
        Assert.Contains("answers 503", found.Text, StringComparison.Ordinal);
    }

    private static Task<CheckResult> RunAsync(DoctorRig rig, string check) => DoctorRig.RunAsync(new BalenaChecks(rig.Machine).All(), check);
}
