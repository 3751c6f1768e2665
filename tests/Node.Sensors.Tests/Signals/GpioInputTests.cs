using System.Device.Gpio;
using Node.Sensors.Bus;
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

    private void Pass(int milliseconds) => _bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
