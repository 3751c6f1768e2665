using Node.Sensors.Actuators;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Actuators;

public sealed class PwmOutputTests
{
    private readonly Bench _bench = new();

    private EmulatedPwmOutput Outside => _bench.Board.Pwm.Output(0, 1);

    [Theory]
    [InlineData(false, 0.0, 0.0)]
    [InlineData(false, 0.3, 0.3)]
    [InlineData(true, 0.0, 1.0)]
    [InlineData(true, 0.25, 0.75)]
    public void It_opens_at_its_fail_safe_level_and_goes_back_to_it(bool inverted, double failSafe, double onThePin)
    {
        var seen = new List<PwmSignal>();
        var output = new PwmOutput(_bench.Buses, new PwmOutputOptions { Channel = 1, Frequency = 100, Inverted = inverted, FailSafeLevel = failSafe });
        PwmSignal opened = Outside.Signal;
        output.Drive(0.5);
        double half = Outside.MeanLevel;
        Outside.Changed += (_, signal) => seen.Add(signal);

        output.Dispose();
        output.Dispose();

        Assert.Equal(new PwmSignal(100, onThePin, IsRunning: true), opened);
        Assert.Equal(0.5, half);
        Assert.Equal([new PwmSignal(100, onThePin, true), new PwmSignal(100, onThePin, false)], seen);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void It_reads_back_what_was_driven(bool inverted)
    {
        using var output = new PwmOutput(_bench.Buses, new PwmOutputOptions { Channel = 1, Inverted = inverted });

        output.Drive(0.25);

        Assert.Equal(0.25, output.ReadBack());
    }

    [Fact]
    public void A_channel_in_use_an_absent_one_and_a_broken_one_are_told_apart()
    {
        using var output = new PwmOutput(_bench.Buses, new PwmOutputOptions { Channel = 1 });

        SensorException taken = Assert.Throws<SensorException>(() => new PwmOutput(_bench.Buses, new PwmOutputOptions { Channel = 1 }));
        SensorException absent = Assert.Throws<SensorException>(() => new PwmOutput(_bench.Buses, new PwmOutputOptions { Chip = 9 }));
        Outside.IsBroken = true;
        SensorException broken = Assert.Throws<SensorException>(() => output.Drive(1));
        Outside.IsBroken = false;

        Assert.Contains("in use already", taken.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", absent.Message, StringComparison.Ordinal);
        Assert.StartsWith("PWM chip 0 channel 1 cannot be driven", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kernels_absent_channel_is_told_with_its_remedy()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && !Directory.Exists("/sys/class/pwm/pwmchip99"), "Needs Linux without PWM chip 99.");
        using var buses = new LinuxBusProvider();

        SensorException absent = Assert.Throws<SensorException>(() => new PwmOutput(buses, new PwmOutputOptions { Chip = 99 }));

        Assert.StartsWith("/sys/class/pwm/pwmchip99 channel 0: does not exist", absent.Message, StringComparison.Ordinal);
        Assert.Contains("dtoverlay=pwm", absent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_without_pwm_says_so()
    {
        using var buses = new RecordingBuses(_bench.Buses);

        SensorException refused = Assert.Throws<SensorException>(() => ((IBusProvider)buses).OpenPwm(0, 0, 100, 0));

        Assert.Equal(SensorFault.BusUnavailable, refused.Fault);
    }
}
