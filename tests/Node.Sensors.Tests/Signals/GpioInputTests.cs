using System.Device.Gpio;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Gpio;
using Node.Sensors.Drivers;
using Node.Sensors.Signals;

namespace Node.Sensors.Tests.Signals;

public sealed class GpioInputTests
{
    private const int Pin = 27;

    private readonly Bench _bench = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_door_contact_tells_its_state_and_how_often_it_closed()
    {
        using ISensor door = Open(new() { ["Pin"] = "27" });

        SensorReading atFirst = await door.MeasureAsync(Cancelled);
        Press(milliseconds: 50);
        Press(milliseconds: 50);
        Contact(true);
        Pass(30);
        SensorReading later = await door.MeasureAsync(Cancelled);

        Assert.Equal((0, 0), (atFirst["active"], atFirst["count"]));
        Assert.False(atFirst.TryGetValue("sinceLastEdge", out _));
        Assert.Equal((1, 3, 0), (later["active"], later["count"], later["missedEdges"]));
        Assert.Equal(0.030, later["sinceLastEdge"], 6);
        Assert.Equal(3 / 0.230, later["rate"], 6);
    }

    [Fact]
    public async Task A_flow_meters_pulses_are_all_counted()
    {
        using ISensor meter = Open(new() { ["Pin"] = "27", ["DebounceMilliseconds"] = "0", ["ActiveLow"] = "false", ["Pull"] = "Down" });

        for (int i = 0; i < 10_000; i++)
        {
            _bench.Board.Gpio.Drive(Pin, i % 2 == 0);
            _bench.Clock.Advance(TimeSpan.FromMicroseconds(100));
        }

        SensorReading reading = await meter.MeasureAsync(Cancelled);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        SensorReading still = await meter.MeasureAsync(Cancelled);

        Assert.Equal((5000, 5000), (reading["count"], reading["rate"]));
        Assert.Equal((5000, 0), (still["count"], still["rate"]));
    }

    [Fact]
    public async Task Chatter_shorter_than_the_period_does_not_count()
    {
        using ISensor button = Open(new() { ["Pin"] = "27" });

        for (int i = 0; i < 50; i++) { Press(milliseconds: 10, pause: 10); }

        Assert.Equal(0, (await button.MeasureAsync(Cancelled))["count"]);
    }

    /// <summary>A busy machine tells the kernel's edges late and together; their times keep them apart.</summary>
    [Fact]
    public async Task Edges_that_are_told_all_at_once_are_judged_by_when_they_happened()
    {
        ListenedPin pin = new();
        using GpioController gpio = new(pin);
        using GpioInput button = new(gpio, new() { Pin = Pin, ActiveLow = false, DebounceMilliseconds = 20 }, _bench.Clock);
        Pass(1_000);
        pin.Tell(PinEventTypes.Rising, at: 5_000);
        Pass(5_000);

        for (int press = 0; press < 10; press++)
        {
            pin.Tell(PinEventTypes.Falling, at: 5_100 + (press * 200));
            pin.Tell(PinEventTypes.Rising, at: 5_200 + (press * 200));
        }

        pin.Level = PinValue.High;
        SensorReading reading = await button.MeasureAsync(Cancelled);
        Assert.Equal((11, 0), (reading["count"], reading["missedEdges"]));
        Assert.Equal(3.0, reading["sinceLastEdge"], 6);
    }

    [Fact]
    public async Task Lost_pulses_of_a_meter_without_debouncing_are_counted_by_their_numbers()
    {
        ListenedPin pin = new();
        using GpioController gpio = new(pin);
        using GpioInput meter = new(gpio, new() { Pin = Pin, ActiveLow = false, DebounceMilliseconds = 0 }, _bench.Clock);

        pin.Tell(PinEventTypes.Rising, at: 100);
        pin.Tell(PinEventTypes.Falling, at: 110, lost: 200);

        SensorReading reading = await meter.MeasureAsync(Cancelled);
        Assert.Equal((101, 200), (reading["count"], reading["missedEdges"]));
    }

    [Fact]
    public void A_pin_that_is_taken_is_refused_and_a_closed_one_is_free_again()
    {
        using GpioController gpio = _bench.Buses.OpenGpio();
        GpioInputOptions options = new() { Pin = Pin };
        using GpioInput first = new(gpio, options, _bench.Clock);

        SensorException thrown = Assert.Throws<SensorException>(() => new GpioInput(gpio, options, _bench.Clock));
        first.Dispose();
        using GpioInput second = new(gpio, options, _bench.Clock);

        Assert.Equal(SensorFault.BusUnavailable, thrown.Fault);
    }

    private ISensor Open(Dictionary<string, string> options) => SensorCatalog.Open(new() { Chip = "GpioInput" }, options, _bench.Buses, _bench.Clock);

    private void Press(int milliseconds, int pause = 50)
    {
        Contact(true);
        Pass(milliseconds);
        Contact(false);
        Pass(pause);
    }

    private void Contact(bool closed) => _bench.Board.Gpio.Drive(Pin, closed ? false : null); // to ground, against the pull-up

    /// <summary>One pin whose edges the test tells, with time and gaps.</summary>
    private sealed class ListenedPin : GpioDriver
    {
        private PinChangeEventHandler? _callback;
        private uint _number;

        public PinValue Level { get; set; }

        protected override int PinCount => 54;

        public void Tell(PinEventTypes kind, int at, int lost = 0)
        {
            _number += (uint)(lost + 1);
            _callback!(this, new TimedPinEdge(kind, Pin, TimeSpan.FromMilliseconds(at), _number, lost));
        }

        protected override void OpenPin(int pinNumber)
        {
        }

        protected override void ClosePin(int pinNumber)
        {
        }

        protected override void SetPinMode(int pinNumber, PinMode mode)
        {
        }

        protected override PinMode GetPinMode(int pinNumber) => PinMode.Input;

        protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

        protected override PinValue Read(int pinNumber) => Level;

        protected override void Write(int pinNumber, PinValue value) => throw new NotSupportedException();

        protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => _callback = callback;

        protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => _callback = null;
    }

    private void Pass(int milliseconds) => _bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
