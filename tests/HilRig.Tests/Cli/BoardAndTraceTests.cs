using HilRig.Bench;
using HilRig.Tests.Proofs;

namespace HilRig.Tests.Cli;

/// <summary>What <c>hilrig board</c> and <c>hilrig trace</c> answer.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class BoardAndTraceTests : IDisposable
{
    private const string Header = """{"trace":"sensornode-bus","version":1,"provider":"emulated"}""";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _state = new("hilrig-test-");

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_board_is_checked_listed_and_held_against_a_recorded_run()
    {
        string board = Write("board.json", """{"version":1,"chips":[{"name":"room","chip":"BME280"},{"chip":"TCA9548A"},{"chip":"SHT31","mux":{"address":"0x70","channel":1}}]}""");
        string bad = Write("bad.json", "{\"version\":1,\n\"chips\":[{\"chip\":\"BME281\"}],\"fault\":[]}");
        string trace = Write("trace.jsonl", Header, Entry(1, "0x76", "f2", "00"), Entry(2, "0x76", "d0", "60"), """{"us":3,"bus":"i2c-1","addr":"0x70","op":"write","out":"02"}""",
            """{"us":9000,"bus":"i2c-1","addr":"0x44","op":"write","out":"306d"}""");

        Assert.Equal((0, "a board of 3 chips with 0 faults, seed 1"), await RunAsync("a board of", "board", "validate", board));
        Assert.Equal((2, "line 2 $.chips[0].chip: \"BME281\" is no chip that can be emulated; did you mean \"BME280\"?"), await RunAsync("line 2 $.chips", "board", "validate", bad));
        Assert.Equal((2, "line 2 $.fault: is no known field; did you mean \"faults\"?"), await RunAsync("line 2 $.fault:", "board", "list", bad));
        Assert.Equal((0, "I2C bus 1 address 0x44 behind 0x70 channel 1"), await RunAsync("I2C bus 1 address 0x44", "board", "list", board));
        Assert.Equal((0, "0xD0 id                       reset 0x60  ReadOnly  writable 0x00"), await RunAsync("0xD0 id", "board", "describe", board));
        Assert.Equal((1, "registers 1/47  bits 0/26  commands 0/0"), await RunAsync("registers 1/47", "board", "coverage", board, trace, "--at-least", "50"));
        Assert.Equal((0, "commands 1/39"), await RunAsync("commands 1/39", "board", "coverage", board, trace));
    }

    [Fact]
    public async Task Traces_are_shown_and_compared()
    {
        string first = Write("a.jsonl", Header, Entry(1, "0x76", "d0", "60"), Entry(2, "0x76", "f3", "00"));
        string second = Write("b.jsonl", Header, Entry(5, "0x76", "d0", "60"), Entry(6, "0x76", "f3", "08"));
        string broken = Write("c.jsonl", "nothing");

        Assert.Equal((0, "the same 2 entries"), await RunAsync("the same", "trace", "diff", first, first));
        Assert.Equal((1, "+ 0.000006 i2c-1 0x76 writeRead f3 → 08"), await RunAsync("+ 0.000006", "trace", "diff", first, second));
        Assert.Equal((0, "2 entries, recorded from 'emulated'"), await RunAsync("2 entries,", "trace", "show", first));
        Assert.Equal((2, "line 1 is no JSON. Record it anew, or leave the line out."), await RunAsync("line 1 is", "trace", "show", broken));
    }

    private static string Entry(int us, string address, string sent, string got) =>
        $$"""{"us":{{us}},"bus":"i2c-1","addr":"{{address}}","op":"writeRead","out":"{{sent}}","in":"{{got}}"}""";

    private string Write(string name, params string[] lines)
    {
        string path = Path.Combine(_state.Path, name);
        File.WriteAllText(path, string.Join('\n', lines) + "\n");
        return path;
    }

    /// <summary>The exit code, and the output from the mark to the end of its line.</summary>
    private async Task<(int ExitCode, string Text)> RunAsync(string mark, params string[] arguments)
    {
        (int exitCode, string output) = await RigProcess.RunAsync(_state, Deadline, arguments);
        int at = output.IndexOf(mark, StringComparison.Ordinal);
        return (exitCode, at < 0 ? output : output[at..].Split('\n')[0].Split("  untouched")[0].TrimEnd());
    }
}
