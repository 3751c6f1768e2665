using System.Diagnostics;
using HilRig.Bench;

namespace HilRig.Tests.Shim;

/// <summary>Programs that others wrote find and use the emulated device nodes: i2c-tools and the tools of libgpiod.</summary>
public sealed class StrangersToolsTests
{
    [Fact]
    public async Task I2cdetect_finds_every_chip_and_nothing_else()
    {
        string tool = ShimFixture.Require("i2cdetect", "i2c-tools");
        await using ShimFixture nodes = await ShimFixture.StartAsync();

        string[] found = [];
        bool complete = await Waiting.UntilAsync(
            async () =>
            {
                found = Found((await nodes.RunAsync(tool, "-y", "1")).Output);
                return found.Contains("62"); // the SCD41 answers a second after it got power
            },
            TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.True(complete);
        Assert.Equal(["23", "44", "48", "49", "62", "68", "76"], found);
    }

    [Fact]
    public async Task I2cdetect_lists_the_bus()
    {
        string tool = ShimFixture.Require("i2cdetect", "i2c-tools");
        await using ShimFixture nodes = await ShimFixture.StartAsync();

        (_, string output) = await nodes.RunAsync(tool, "-l");

        Assert.Contains("i2c-1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task I2cget_and_i2cset_reach_registers()
    {
        string get = ShimFixture.Require("i2cget", "i2c-tools");
        string set = ShimFixture.Require("i2cset", "i2c-tools");
        await using ShimFixture nodes = await ShimFixture.StartAsync();

        (int written, _) = await nodes.RunAsync(set, "-y", "1", "0x76", "0xf2", "0x05");
        (_, string value) = await nodes.RunAsync(get, "-y", "1", "0x76", "0xf2");
        (_, string id) = await nodes.RunAsync(get, "-y", "1", "0x76", "0xd0");
        (int absent, _) = await nodes.RunAsync(get, "-y", "1", "0x10", "0xd0");

        Assert.Equal(0, written);
        Assert.Equal("0x05", value.Trim());
        Assert.Equal("0x60", id.Trim());
        Assert.NotEqual(0, absent);
    }

    [Fact]
    public async Task I2ctransfer_reads_a_burst()
    {
        string tool = ShimFixture.Require("i2ctransfer", "i2c-tools");
        await using ShimFixture nodes = await ShimFixture.StartAsync();

        (int exitCode, string output) = await nodes.RunAsync(tool, "-y", "1", "w1@0x68", "0x75", "r1");

        Assert.Equal((0, "0x68"), (exitCode, output.Trim()));
    }

    [Fact]
    public async Task Gpiodetect_and_gpioinfo_show_a_pi_4()
    {
        string detect = ShimFixture.Require("gpiodetect", "gpiod");
        string info = ShimFixture.Require("gpioinfo", "gpiod");
        await using ShimFixture nodes = await ShimFixture.StartAsync();

        (int exitCode, string chips) = await nodes.RunAsync(detect);
        (_, string lines) = await nodes.RunAsync(info);

        Assert.Equal(0, exitCode);
        Assert.Contains("gpiochip0 [pinctrl-bcm2711] (58 lines)", chips, StringComparison.Ordinal);
        Assert.Contains("GPIO17", lines, StringComparison.Ordinal);
    }

    [Theory, InlineData(true, "1"), InlineData(false, "0")]
    public async Task Gpioget_reads_what_is_applied_from_outside(bool level, string printed)
    {
        string tool = ShimFixture.Require("gpioget", "gpiod");
        await using ShimFixture nodes = await ShimFixture.StartAsync();
        nodes.Served.Board.Gpio.Drive(5, level);

        (_, string output) = await nodes.RunAsync(tool, [.. GpioTools.Chip(tool), "5"]);

        Assert.EndsWith(GpioTools.IsFirst(tool) ? printed : level ? "=active" : "=inactive", output.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gpioset_drives_a_line_that_others_see_as_taken()
    {
        string set = ShimFixture.Require("gpioset", "gpiod");
        string get = ShimFixture.Require("gpioget", "gpiod");
        await using ShimFixture nodes = await ShimFixture.StartAsync();
        string[] hold = GpioTools.IsFirst(set) ? ["--mode=time", "--sec=600", "gpiochip0", "6=1"] : ["-c", "gpiochip0", "6=1"];
        using Process holder = nodes.Start(set, hold);
        await WaitUntilHighAsync(nodes, 6);

        (int second, string refusal) = await nodes.RunAsync(get, [.. GpioTools.Chip(get), "6"]);
        holder.Kill();

        Assert.NotEqual(0, second);
        Assert.Contains("busy", refusal, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Gpiomon_hears_every_edge_with_its_time()
    {
        string tool = ShimFixture.Require("gpiomon", "gpiod");
        await using ShimFixture nodes = await ShimFixture.StartAsync();
        string[] format = ["--num-events=4", GpioTools.IsFirst(tool) ? "--format=%e %o %s" : "--format=%E %o %s"];
        using Process monitor = nodes.Start(tool, [.. format, .. GpioTools.Chip(tool), "5"]);
        await nodes.UntilWatchedAsync(5);

        foreach (bool level in (ReadOnlySpan<bool>)[true, false, true, false]) { nodes.Served.Board.Gpio.Drive(5, level); }

        string output = await monitor.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith(GpioTools.IsFirst(tool) ? "1 5 " : "rising 5 ", output, StringComparison.Ordinal);
    }

    private static string[] Found(string grid) => [.. grid.Split('\n').Skip(1)
        .SelectMany(static row => row.Split(':')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(static cell => cell != "--")];

    private static async Task WaitUntilHighAsync(ShimFixture nodes, int pin) => Assert.True(await Waiting.UntilAsync(
        () => nodes.Served.Board.Gpio.IsHigh(pin), TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken));
}
