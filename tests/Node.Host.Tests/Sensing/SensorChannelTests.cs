using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Sensing;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.Sensing;

public sealed class SensorChannelTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sample_is_stored_with_its_time_and_the_digits_that_its_units_deserve()
    {
        using var node = new TestNode();
        node.Chips["climate"].Celsius = 23.712345;

        await node.SampleAsync(Cancelled);

        SpooledMessage stored = Assert.Single(Take(node));
        Assert.Equal("""{"temperature":23.71,"pressure":100.65}""", Encoding.UTF8.GetString(stored.Body.Span));
        Assert.Equal(("climate", TestNode.Start, true), (stored.Component, stored.SampledAt, stored.TimeSynced));
    }

    [Fact]
    public async Task A_reading_taken_before_the_clock_is_right_says_so()
    {
        using var node = new TestNode();
        node.Time.AdjustTime(new DateTimeOffset(1970, 1, 1, 0, 5, 0, TimeSpan.Zero));

        await node.SampleAsync(Cancelled);

        Assert.False(Assert.Single(Take(node)).TimeSynced);
    }

    [Theory]
    [InlineData(2024, 2020, false)] // Before any such node was made.
    [InlineData(2026, 2027, false)] // Before this program was built.
    [InlineData(2026, 2026, true)]
    public void A_clock_is_believed_when_it_shows_a_time_that_can_be(int year, int builtIn, bool believed)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(year, 6, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(believed, new NodeClock(time, new DateTimeOffset(builtIn, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.Zero).IsTimeSynced);
    }

    [Fact]
    public async Task A_sick_sensor_never_stops_the_others()
    {
        using var node = new TestNode(null, "sick", "well");
        node.Chips["sick"].Failure = Failures.Nack();

        for (int i = 0; i < 10; i++)
        {
            await node.SampleAsync(Cancelled);
            node.Time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal((SensorState.Failed, "nothing acknowledges"), (node.Sensors.Channels[0].Status.State, node.Sensors.Channels[0].Status.Reason));
        Assert.Equal(10, Take(node).Count(message => message.Component == "well"));
        Assert.Null(node.Sensors.FindStalled());
    }

    [Fact]
    public async Task A_sensor_that_hangs_never_stops_the_others()
    {
        using var node = new TestNode(null, "hung", "well");
        node.Chips["hung"].Hold = new TaskCompletionSource();

        Task hanging = node.Sensors.Channels[0].SampleAsync(Cancelled).AsTask();
        await node.Sensors.Channels[1].SampleAsync(Cancelled);
        await node.Spool.FlushAsync(Cancelled);

        Assert.Single(Take(node));
        Assert.False(hanging.IsCompleted);
        node.Chips["hung"].Hold!.SetResult();
        await hanging;
    }

    [Fact]
    public async Task A_fault_is_retried_from_a_fresh_initialisation_with_growing_pauses()
    {
        using var node = new TestNode();
        ScriptedSensor chip = node.Chips["climate"];
        await node.SampleAsync(Cancelled);
        Assert.Equal(1, chip.Initialisations);
        chip.Failure = Failures.Nack();
        var attempts = new List<int>();

        for (int second = 0; second < 64; second++)
        {
            int before = chip.Measurements + chip.Initialisations;
            await node.Climate.SampleAsync(Cancelled);
            if (chip.Measurements + chip.Initialisations > before)
            {
                attempts.Add(second);
            }

            node.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, 1, 3, 7, 15, 31, 63], attempts);
        chip.Failure = null;
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await node.Climate.SampleAsync(Cancelled);
        Assert.Equal((SensorState.Ok, 0), (node.Climate.Status.State, node.Climate.Status.Failures));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task A_value_that_is_no_number_is_a_fault_and_never_sent(double celsius)
    {
        using var node = new TestNode();
        node.Chips["climate"].Celsius = celsius;

        await node.SampleAsync(Cancelled);

        Assert.Equal(SensorState.Degraded, node.Climate.Status.State);
        Assert.Empty(Take(node));
    }

    [Fact]
    public async Task A_disabled_sensor_is_left_alone()
    {
        using var node = new TestNode();
        node.Climate.Setting = node.Climate.Setting with { Enabled = false };

        await node.SampleAsync(Cancelled);

        Assert.Equal(0, node.Chips["climate"].Measurements);
        Assert.Null(node.Sensors.FindStalled());
    }

    [Fact]
    public async Task A_schedule_that_stands_still_for_two_intervals_is_noticed()
    {
        using var node = new TestNode();
        await node.SampleAsync(Cancelled);

        node.Time.Advance(TimeSpan.FromSeconds(14));
        Assert.Null(node.Sensors.FindStalled());
        node.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Same(node.Climate, node.Sensors.FindStalled());
    }

    [Fact]
    public async Task A_shorter_interval_is_not_taken_for_a_schedule_that_stands_still()
    {
        using var node = new TestNode();
        node.Climate.Setting = node.Climate.Setting with { Interval = TimeSpan.FromDays(1) };
        await node.SampleAsync(Cancelled);
        node.Time.Advance(TimeSpan.FromHours(1));

        node.Climate.Setting = node.Climate.Setting with { Interval = TimeSpan.FromSeconds(1) };

        Assert.Null(node.Sensors.FindStalled());
        node.Time.Advance(TimeSpan.FromSeconds(8));
        Assert.Same(node.Climate, node.Sensors.FindStalled());
    }

    [Fact]
    public async Task An_absent_chip_is_a_fault_with_bus_and_address_and_the_real_driver_reads_a_present_one()
    {
        using var node = new TestNode();
        var board = new EmulatedBoard(new EmulatedBoardOptions(), GeneratedRoom.Create(1), TimeProvider.System);
        using var buses = new EmulatedBusProvider(board);
        using SensorChannel present = Channel(0x76);
        using SensorChannel absent = Channel(0x77);

        await present.SampleAsync(Cancelled);
        await absent.SampleAsync(Cancelled);

        Assert.Equal(SensorState.Ok, present.Status.State);
        Assert.Equal(["temperature", "humidity", "pressure"], present.Status.Reading!.Values.Select(value => value.Quantity.Name));
        Assert.Equal(SensorState.Degraded, absent.Status.State);
        Assert.Contains("0x77", absent.Status.Reason, StringComparison.Ordinal);

        SensorChannel Channel(int address)
        {
            var options = new SensorOptions { Name = "climate", Chip = "BME280", Address = address };
            return new SensorChannel(options, () => Buses.OpenSensor(options, buses, TimeProvider.System), node.Readings, node.Clock, NullLogger.Instance);
        }
    }

    private static List<SpooledMessage> Take(TestNode node)
    {
        var taken = new List<SpooledMessage>();
        node.Spool.TakeUnsent(taken, 1_000);
        return taken;
    }
}
