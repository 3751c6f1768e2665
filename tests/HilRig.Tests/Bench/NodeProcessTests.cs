using HilRig.Bench;

namespace HilRig.Tests.Bench;

/// <summary>Process control on shell scripts: what it must do for any program.</summary>
public sealed class NodeProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_graceful_stop_lets_the_program_end_by_itself()
    {
        var log = new LogTail(10);
        await using NodeProcess process = Start("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done", log);
        await HearAsync(log, "ready");

        (int exitCode, _, bool wasKilled) = await process.StopAsync(Deadline);

        Assert.Equal(3, exitCode);
        Assert.False(wasKilled);
        Assert.Contains("bye", log.Lines(10));
    }

    [Fact]
    public async Task A_program_that_will_not_stop_is_killed()
    {
        var log = new LogTail(10);
        await using NodeProcess process = Start("trap '' TERM; echo ready; while :; do sleep 0.05; done", log);
        await HearAsync(log, "ready");

        (_, _, bool wasKilled) = await process.StopAsync(TimeSpan.FromMilliseconds(200));

        Assert.True(wasKilled);
        Assert.True(process.Exited.IsCompleted);
    }

    [Fact]
    public async Task A_kill_gives_no_chance_to_tidy_up()
    {
        var log = new LogTail(10);
        await using NodeProcess process = Start("trap 'echo tidy' EXIT TERM; echo ready; while :; do sleep 0.05; done", log);
        await HearAsync(log, "ready");

        int exitCode = await process.KillAsync();

        Assert.Equal(137, exitCode);
        Assert.DoesNotContain("tidy", log.Lines(10));
    }

    [Fact]
    public async Task Settings_reach_the_program_and_inherited_ones_do_not()
    {
        Environment.SetEnvironmentVariable("Node__Inherited", "yes");
        var log = new LogTail(10);
        await using NodeProcess process = Start("echo \"[$Node__Inherited][$Node__Given]\"", log, ("Node__Given", "given"));

        await process.Exited;

        Assert.Equal(["[][given]"], log.Lines(10));
    }

    [Fact]
    public async Task Only_the_last_lines_are_kept()
    {
        var log = new LogTail(3);
        await using NodeProcess process = Start("for i in 1 2 3 4 5; do echo line $i; done; echo oops >&2; exit 7", log);

        Assert.Equal(7, await process.Exited);
        Assert.Equal(3, log.Lines(10).Count);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named_with_what_to_do()
    {
        RigException fault = Assert.Throws<RigException>(() => NodeProgram.At("/nowhere/sensornode"));

        Assert.Equal(RigFault.NodeMissing, fault.Fault);
        Assert.Contains("/nowhere/sensornode", fault.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet build src/Node.Host", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_node_that_was_built_with_the_rig_is_found()
    {
        NodeProgram program = NodeProgram.Find();

        Assert.True(File.Exists(program.File) || program.File == "dotnet");
        Assert.EndsWith("sensornode.dll", program.Arguments[0], StringComparison.Ordinal);
        Assert.True(File.Exists(program.Arguments[0]));
    }

    [Theory]
    [InlineData("b1-7", true, "b1", 7)]
    [InlineData("3f2a-9c-1", true, "3f2a-9c", 1)]
    [InlineData("b1-0", false, "", 0)]
    [InlineData("b1-x", false, "", 0)]
    [InlineData("-5", false, "", 0)]
    [InlineData("5", false, "", 0)]
    [InlineData(null, false, "", 0)]
    public void A_message_id_is_a_boot_and_a_sequence_number(string? id, bool valid, string boot, long sequence)
    {
        bool parsed = ArrivalLog.TryParseId(id, out string foundBoot, out long foundSequence);

        Assert.Equal(valid, parsed);
        if (valid)
        {
            Assert.Equal((boot, sequence), (foundBoot, foundSequence));
        }
    }

    private static NodeProcess Start(string script, LogTail log, params (string Name, string Value)[] environment) => NodeProcess.Start(
        new NodeProgram("/bin/sh", ["-c", script]),
        environment.ToDictionary(pair => pair.Name, pair => pair.Value),
        log,
        echo: null,
        TimeProvider.System);

    private static async Task HearAsync(LogTail log, string line) => Assert.True(
        await Waiting.UntilAsync(() => log.Lines(100).Contains(line), Deadline, TimeProvider.System, TestContext.Current.CancellationToken));
}
