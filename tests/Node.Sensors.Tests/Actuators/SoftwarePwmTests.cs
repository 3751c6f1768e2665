using System.Device.Gpio;
using System.Device.Pwm;
using Node.Sensors.Actuators;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Actuators;

/// <summary>A pin that a timer switches: its mean level, with timers that keep time and with those that come late, and what is left of it at the end.</summary>
public sealed class SoftwarePwmTests : IDisposable
{
    private const int Pin = 18;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);
    private readonly ExactTime _time = new();
    private readonly EmulatedBoard _board;
    private readonly EmulatedBusProvider _buses;

    public SoftwarePwmTests()
    {
        _board = new EmulatedBoard(new EmulatedBoardOptions(), new Ambient(), _time);
        _buses = new EmulatedBusProvider(_board);
    }

    public static TheoryData<double> Duties => [0.02, 0.25, 0.333, 0.5, 0.75, 0.98];

    public void Dispose() => _board.Dispose();

    [Theory, MemberData(nameof(Duties))]
    public void The_mean_level_on_the_pin_is_what_was_driven(double duty)
    {
        using PwmOutput output = Open();
        output.Drive(duty);

        Assert.Equal(duty, MeanLevel(TimeSpan.FromSeconds(10)), 0.003);
    }

    [Theory, MemberData(nameof(Duties))]
    public void Timers_that_come_late_change_single_periods_and_not_the_mean(double duty)
    {
        Random random = new(7);
        SoftwarePwmCourse course = new(duty, Period);
        TimeSpan now = TimeSpan.Zero, high = TimeSpan.Zero;
        while (now < TimeSpan.FromSeconds(60))
        {
            (bool isHigh, TimeSpan wait) = course.Next(now);
            TimeSpan late = TimeSpan.FromMilliseconds(4 * random.NextDouble());
            now += wait + late;
            high += isHigh ? wait + late : TimeSpan.Zero;
        }

        Assert.Equal(duty, high / now, 0.002);
    }

    [Fact]
    public void A_machine_that_slept_does_not_make_up_for_it()
    {
        SoftwarePwmCourse course = new(0.5, Period);
        course.Next(TimeSpan.Zero);

        TimeSpan now = TimeSpan.FromHours(1); // high all the time
        int lowPeriods = 0;
        while (course.Next(now) is (false, var wait))
        {
            lowPeriods++;
            now += wait;
        }

        Assert.InRange(lowPeriods, 1, 2);
    }

    [Theory, InlineData(0.0, false), InlineData(1.0, true)]
    public void A_constant_level_is_left_alone(double level, bool high)
    {
        using PwmOutput output = Open();
        output.Drive(level);
        int edges = 0;
        _board.Gpio.EdgeOccurred += (_, _) => edges++;

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((high, 0), (_board.Gpio.IsHigh(Pin), edges));
    }

    [Fact]
    public void No_more_than_two_edges_a_period_are_made()
    {
        using PwmOutput output = Open();
        output.Drive(0.5);
        int edges = 0;
        _board.Gpio.EdgeOccurred += (_, _) => edges++;

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.InRange(edges, 990, 1_001);
    }

    [Theory, InlineData(0.0, false, false), InlineData(0.0, true, true), InlineData(0.4, false, false)]
    public void It_ends_at_its_fail_safe_level_or_low_where_that_needs_a_timer(double failSafe, bool inverted, bool high)
    {
        PwmOutput output = Open(failSafe, inverted);
        output.Drive(0.7);
        _time.Advance(TimeSpan.FromMilliseconds(105));

        output.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(high, _board.Gpio.IsHigh(Pin));
    }

    [Fact]
    public void A_pin_in_use_a_frequency_beyond_a_timer_and_a_pin_that_fails_later_are_told_apart()
    {
        using GpioController other = _buses.OpenGpio();
        other.OpenPin(Pin);
        SensorException taken = Assert.Throws<SensorException>(() => Open());
        other.ClosePin(Pin);

        Assert.StartsWith("GPIO18 cannot be opened for PWM", taken.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PwmOutput(_buses, new PwmOutputOptions { Pin = Pin, Frequency = 101 }, _time));
    }

    [Fact]
    public void A_pin_that_can_no_longer_be_switched_is_told_at_the_next_look()
    {
        FailingPin pin = new();
        using PwmChannel channel = new SoftwarePwmChannel(new PinProvider(pin), Pin, 50, 0.5, _time);
        channel.Start();
        pin.Fails = true;

        _time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Throws<IOException>(() => channel.DutyCycle);
        pin.Fails = false;
        channel.DutyCycle = 0.25;
        Assert.Equal(0.25, channel.DutyCycle);
    }

    private PwmOutput Open(double failSafe = 0, bool inverted = false) =>
        new(_buses, new PwmOutputOptions { Pin = Pin, Frequency = 50, FailSafeLevel = failSafe, Inverted = inverted }, _time);

    private double MeanLevel(TimeSpan over)
    {
        long start = _time.GetTimestamp(), rose = start;
        TimeSpan high = TimeSpan.Zero;
        bool isHigh = _board.Gpio.IsHigh(Pin);
        _board.Gpio.EdgeOccurred += (_, edge) =>
        {
            if (edge.IsRising) { rose = _time.GetTimestamp(); }
            else if (isHigh) { high += _time.GetElapsedTime(rose); }

            isHigh = edge.IsRising;
        };
        _time.Advance(over);
        return high / over;
    }

    private sealed class PinProvider(GpioDriver driver) : IBusProvider
    {
        public string Name => "one pin";

        public System.Device.I2c.I2cDevice OpenI2c(int busId, int address) => throw new NotSupportedException();

        public System.Device.Spi.SpiDevice OpenSpi(System.Device.Spi.SpiConnectionSettings settings) => throw new NotSupportedException();

        public GpioController OpenGpio() => new(driver);

        public void Dispose()
        {
        }
    }

    private sealed class FailingPin : GpioDriver
    {
        public bool Fails { get; set; }

        protected override int PinCount => 54;

        protected override void OpenPin(int pinNumber)
        {
        }

        protected override void ClosePin(int pinNumber)
        {
        }

        protected override void SetPinMode(int pinNumber, PinMode mode)
        {
        }

        protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
        {
        }

        protected override PinMode GetPinMode(int pinNumber) => PinMode.Output;

        protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

        protected override PinValue Read(int pinNumber) => PinValue.Low;

        protected override void Write(int pinNumber, PinValue value)
        {
            if (Fails) { throw new IOException("Error 5 (Input/output error)"); }
        }

        protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

        protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException();
    }
}
