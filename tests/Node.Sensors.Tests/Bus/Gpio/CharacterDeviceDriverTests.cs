using System.Collections.Concurrent;
using System.Device.Gpio;
using Node.Sensors.Actuators;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Gpio;

namespace Node.Sensors.Tests.Bus.Gpio;

public sealed class CharacterDeviceDriverTests
{
    private readonly FakeKernel _kernel = new FakeKernel().With("/dev/gpiochip0", "pinctrl-bcm2711");

    [Theory, InlineData(true, true), InlineData(true, false), InlineData(false, true), InlineData(false, false)]
    public void An_output_shows_its_first_level_and_no_other(bool activeHigh, bool failSafeOn)
    {
        using GpioController gpio = LinuxGpio.Open(null, _kernel);
        using var output = new DigitalOutput(gpio, new DigitalOutputOptions { Pin = 17, ActiveHigh = activeHigh, FailSafeOn = failSafeOn });

        Assert.Equal([activeHigh == failSafeOn], _kernel.LineOf(17).Shown);
        Assert.Equal("sensornode", _kernel.LineOf(17).Consumer);
        Assert.Equal(failSafeOn, output.IsOn);
        Assert.True(output.Set(true));
        Assert.Equal(activeHigh, _kernel.LineOf(17).Level);
    }

    [Fact]
    public void Closing_gives_the_line_back_and_the_end_leaves_no_descriptor()
    {
        GpioController gpio = LinuxGpio.Open(null, _kernel);
        gpio.OpenPin(5, PinMode.Output);
        gpio.OpenPin(6, PinMode.InputPullUp);
        gpio.RegisterCallbackForPinValueChangedEvent(6, PinEventTypes.Falling, static (_, _) => { });
        gpio.ClosePin(5);
        string? afterClose = _kernel.LineOf(5).Consumer;

        gpio.Dispose();

        Assert.Null(afterClose);
        Assert.Equal(0, _kernel.OpenDescriptors);
    }

    [Theory]
    [InlineData(PinMode.Input, 0x4)]
    [InlineData(PinMode.InputPullUp, 0x104)]
    [InlineData(PinMode.InputPullDown, 0x204)]
    [InlineData(PinMode.Output, 0x8)]
    public void Modes_are_asked_for_with_their_bias(PinMode mode, ulong flags)
    {
        using GpioController gpio = LinuxGpio.Open(null, _kernel);

        gpio.OpenPin(4, mode);

        Assert.Equal(flags, _kernel.LineOf(4).Flags);
        Assert.Equal(mode, gpio.GetPinMode(4));
    }

    [Fact]
    public void Reading_a_line_without_a_mode_does_not_change_its_direction()
    {
        using GpioController gpio = LinuxGpio.Open(null, _kernel);
        _kernel.LineOf(9).Input = true;
        gpio.OpenPin(9);

        Assert.Equal(PinValue.High, gpio.Read(9));
        Assert.Equal(0UL, _kernel.LineOf(9).Flags);
    }

    [Fact]
    public void Who_holds_a_line_is_named()
    {
        using GpioController gpio = LinuxGpio.Open(null, _kernel);
        _kernel.LineOf(17).Consumer = "spi0 CS1";

        SensorException taken = Assert.Throws<SensorException>(() => new DigitalOutput(gpio, new DigitalOutputOptions { Pin = 17 }));

        Assert.Contains("in use by 'spi0 CS1'", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edges_come_with_the_kernels_time_and_number_and_lost_ones_are_counted()
    {
        using GpioController gpio = LinuxGpio.Open(null, _kernel);
        gpio.OpenPin(22, PinMode.InputPullUp);
        var told = new ConcurrentQueue<TimedPinEdge>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gpio.RegisterCallbackForPinValueChangedEvent(22, PinEventTypes.Rising | PinEventTypes.Falling, (_, edge) =>
        {
            told.Enqueue(Assert.IsType<TimedPinEdge>(edge));
            if (told.Count == 3) { all.SetResult(); }
        });

        _kernel.Edge(22, rising: false, 1_000_000_000);
        _kernel.Edge(22, rising: true, 1_500_000_000);
        _kernel.Edge(22, rising: false, 2_000_000_000, lost: 4);
        await all.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(0x134UL, _kernel.LineOf(22).Flags); // input, both edges, pull-up
        Assert.Equal([(1.0, PinEventTypes.Falling, 1u, 0L), (1.5, PinEventTypes.Rising, 2u, 0L), (2.0, PinEventTypes.Falling, 7u, 4L)],
            told.Select(edge => (edge.At.TotalSeconds, edge.ChangeType, edge.Sequence, edge.LostBefore)));
    }

    [Fact]
    public async Task Waiting_for_an_event_ends_with_the_edge_or_the_callers_patience()
    {
        using GpioController gpio = LinuxGpio.Open(null, _kernel);
        gpio.OpenPin(22, PinMode.Input);
        using var impatience = new CancellationTokenSource();

        ValueTask<WaitForEventResult> waiting = gpio.WaitForEventAsync(22, PinEventTypes.Rising, TestContext.Current.CancellationToken);
        _kernel.Edge(22, rising: true, 1);
        WaitForEventResult edge = await waiting;
        ValueTask<WaitForEventResult> inVain = gpio.WaitForEventAsync(22, PinEventTypes.Rising, impatience.Token);
        await impatience.CancelAsync();

        Assert.Equal((false, PinEventTypes.Rising), (edge.TimedOut, edge.EventTypes));
        Assert.True((await inVain).TimedOut);
    }

    [Theory]
    [InlineData("pinctrl-rp1", null, 4)]
    [InlineData("pinctrl-bcm2835", null, 4)]
    [InlineData("pinctrl-bcm2711", "raspberrypi-exp-gpio", 0)]
    [InlineData("pinctrl-rp1", "/dev/gpiochip0", 0)]
    public void The_chip_is_found_by_its_label_whatever_its_number_or_as_configured(string header, string? wanted, int number)
    {
        FakeKernel kernel = new FakeKernel().With("/dev/gpiochip0", "raspberrypi-exp-gpio", 8).With("/dev/gpiochip4", header);

        using GpioController gpio = LinuxGpio.Open(wanted, kernel);
        gpio.OpenPin(3, PinMode.Output);

        Assert.Equal("sensornode", kernel.LineOf(3, number == 0 ? 0 : 1).Consumer);
    }

    [Theory]
    [InlineData(null, "none of the machine's chips (INT34C6:00 (/dev/gpiochip2)) is a Raspberry Pi header")]
    [InlineData("pinctrl-rp1", "no chip has the label 'pinctrl-rp1'; there are INT34C6:00 (/dev/gpiochip2)")]
    [InlineData("/dev/gpiochip7", "/dev/gpiochip7 does not exist or is no GPIO chip: correct Node:Bus:GpioChip")]
    public void A_chip_that_is_not_there_is_told_with_what_there_is(string? wanted, string text)
    {
        FakeKernel kernel = new FakeKernel().With("/dev/gpiochip2", "INT34C6:00", 360);

        SensorException missing = Assert.Throws<SensorException>(() => LinuxGpio.Open(wanted, kernel));

        Assert.Contains(text, missing.Message, StringComparison.Ordinal);
        Assert.Equal(0, kernel.OpenDescriptors);
    }

    [Fact]
    public void A_node_that_may_not_be_opened_is_told_with_the_group()
    {
        _kernel.DeniedErrno = 13;

        SensorException denied = Assert.Throws<SensorException>(() => LinuxGpio.Open(null, _kernel));

        Assert.Contains("group gpio", denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_kernel_leads_to_the_library_whose_absence_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.GetFiles("/dev", "gpiochip*").Length == 0, "Needs Linux without GPIO.");
        _kernel.KnowsVersion2 = false;

        SensorException thrown = Assert.Throws<SensorException>(() => LinuxGpio.Open(null, _kernel));

        Assert.Contains("libgpiod", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, _kernel.OpenDescriptors);
    }
}
