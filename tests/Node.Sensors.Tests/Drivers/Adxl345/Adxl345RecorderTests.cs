using System.Device.Gpio;
using System.Device.Spi;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

/// <summary>Every sample at 3200 Hz, INT1 on pin 17. Each sample carries its own number: x counts to 4000 and y how often that happened.</summary>
public sealed class Adxl345RecorderTests : IDisposable
{
    private const int Pin = 17;
    private const int Turn = 4_000;
    private const long PeriodTicks = 3_125;

    /// <summary>When the first sample of a chip that was started at once is due.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(1.1) + TimeSpan.FromTicks(PeriodTicks);

    /// <summary>A little more than the time after which a recorder with a watermark of 16 looks by itself: 24 samples.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(8);

    private readonly SpiBench _bench = new(new() { Chip = "ADXL345", InterruptPin = Pin });
    private readonly GpioController _gpio;

    public Adxl345RecorderTests()
    {
        _gpio = _bench.Buses.OpenGpio();
        _bench.Ambient.AccelerationXG = new FunctionStimulus(at => ((Number(at, First) % Turn) - (Turn / 2)) / 256.0);
        _bench.Ambient.AccelerationYG = new FunctionStimulus(at => ((Number(at, First) / Turn) - (Turn / 2)) / 256.0);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private bool IsAsking => _bench.Board.Gpio.IsHigh(Pin);

    public void Dispose() => _gpio.Dispose();

    [Theory, InlineData(16, 1_000, 60), InlineData(31, 100, 60), InlineData(1, 100, 5)]
    public async Task At_3200_samples_a_second_no_sample_of_a_minute_is_lost_doubled_or_out_of_order(int watermark, int stepMicroseconds, int seconds)
    {
        using Adxl345Recorder recorder = Open(watermark);
        long expected = 0;
        TimeSpan end = TimeSpan.FromSeconds(seconds);
        long start = _bench.Clock.GetTimestamp();

        while (_bench.Clock.GetElapsedTime(start) < end)
        {
            // Time stops once the chip must ask, whichever thread it is that lifts the line: a busy machine costs no sample.
            Task<Adxl345Batch> call = recorder.ReadAsync(Cancelled).AsTask();
            while (!call.IsCompleted && !IsAsking && Number(_bench.Clock.GetElapsedTime(start), First) + 1 - expected <= watermark)
            {
                _bench.Clock.Advance(TimeSpan.FromMicroseconds(stepMicroseconds));
            }

            Adxl345Batch batch = await call.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
            Assert.Equal(expected, batch.FirstIndex);
            Assert.False(batch.MayFollowGap);
            foreach (Adxl345Reading reading in batch.Readings) { Assert.Equal(expected++, NumberOf(reading)); }
        }

        long due = Number(_bench.Clock.GetElapsedTime(start), First) + 1;
        Assert.InRange(expected, due - watermark, due); // time may pass while the last batch is taken
        Assert.InRange(expected, (3_200 * seconds) - 32, (3_200 * seconds) + 32);
        Assert.Equal(expected, recorder.Count);
        Assert.Equal(0, recorder.MissedEdges);
        Assert.InRange(_bench.Bus.ClockedTime, TimeSpan.Zero, end * 0.25); // the bus has time for this and more
    }

    [Fact]
    public async Task A_missed_edge_costs_delay_and_no_sample()
    {
        using Adxl345Recorder recorder = Open(watermark: 16);
        await Next(recorder);
        ValueTask<Adxl345Batch> call = recorder.ReadAsync(Cancelled);

        _bench.Board.Gpio.ShortCircuit(Pin, false);
        _bench.Clock.Advance(LongestWait);
        Adxl345Batch late = await End(call);
        _bench.Board.Gpio.ShortCircuit(Pin, null);
        Adxl345Batch next = await Next(recorder);

        Assert.Equal(1, recorder.MissedEdges);
        Assert.False(late.MayFollowGap);
        Assert.InRange(late.Readings.Count, 17, 31);
        Assert.Equal(late.FirstIndex + late.Readings.Count, NumberOf(next.Readings[0]));
        Assert.False(next.MayFollowGap);
    }

    [Fact]
    public async Task An_edge_between_two_calls_is_not_missed()
    {
        using Adxl345Recorder recorder = Open(watermark: 16);
        await Next(recorder);

        while (!IsAsking) { _bench.Clock.Advance(TimeSpan.FromMicroseconds(100)); }

        Adxl345Batch batch = await recorder.ReadAsync(Cancelled); // ends without any time passing
        Assert.Equal(16, batch.Readings.Count);
        Assert.Equal(0, recorder.MissedEdges);
    }

    [Fact]
    public async Task A_line_stuck_high_loses_nothing_and_does_not_spin()
    {
        using Adxl345Recorder recorder = Open(watermark: 16);
        await Next(recorder);
        _bench.Board.Gpio.ShortCircuit(Pin, true);
        long before = _bench.Bus.Exchanges;
        long expected = recorder.Count;

        for (int i = 0; i < 20; i++)
        {
            ValueTask<Adxl345Batch> call = recorder.ReadAsync(Cancelled);
            _bench.Clock.Advance(i % 2 == 0 ? LongestWait : TimeSpan.FromMilliseconds(1)); // every other call finds what the 1 ms brought
            Adxl345Batch batch = await End(call);
            Assert.False(batch.MayFollowGap);
            foreach (Adxl345Reading reading in batch.Readings) { Assert.Equal(expected++, NumberOf(reading)); }

            if (i % 2 == 0) { _bench.Clock.Advance(TimeSpan.FromMilliseconds(1)); }
        }

        Assert.InRange(_bench.Bus.Exchanges - before, 1, (2 * expected) + (20 * 4));
    }

    [Fact]
    public async Task A_caller_who_stalls_too_long_is_told_of_the_gap_and_only_then()
    {
        using Adxl345Recorder recorder = Open(watermark: 16);
        Adxl345Batch before = await Next(recorder);

        _bench.Clock.Advance(TimeSpan.FromMilliseconds(20)); // 64 samples
        Adxl345Batch after = await Next(recorder);
        Adxl345Batch next = await Next(recorder);

        Assert.False(before.MayFollowGap);
        Assert.True(after.MayFollowGap);
        Assert.Equal(32, after.Readings.Count);
        Assert.True(NumberOf(after.Readings[0]) > after.FirstIndex);
        Assert.False(next.MayFollowGap);
    }

    [Fact]
    public async Task Samples_pushed_out_while_the_fifo_is_emptied_are_a_gap_too()
    {
        InterruptedBus bus = new(_bench, exchange: 40, pause: TimeSpan.FromMilliseconds(20));
        using Adxl345Recorder recorder = new(bus, _gpio, new() { Pin = Pin }, _bench.Clock);
        List<Adxl345Batch> batches = [];

        for (int i = 0; i < 4; i++) { batches.Add(await Next(recorder)); }

        Adxl345Batch torn = Assert.Single(batches, static batch => batch.MayFollowGap);
        long[] numbers = [.. torn.Readings.Select(NumberOf)];
        Assert.True(numbers[^1] - numbers[0] > numbers.Length);
    }

    [Fact]
    public async Task A_brown_out_restarts_the_chip_and_is_a_gap()
    {
        using Adxl345Recorder recorder = Open(watermark: 16);
        await Next(recorder);

        _bench.Chip.BrownOut();
        Adxl345Batch after = await NextAfterRestart(recorder);

        Assert.True(after.MayFollowGap);
        Assert.Equal(16, after.FirstIndex);
        Assert.False((await Next(recorder)).MayFollowGap);
    }

    [Fact]
    public async Task A_chip_that_is_gone_is_reported_and_recorded_again_when_it_is_back()
    {
        using Adxl345Recorder recorder = Open(watermark: 16);
        await Next(recorder);
        _bench.Chip.IsPowered = false;

        ValueTask<Adxl345Batch> call = recorder.ReadAsync(Cancelled);
        _bench.Clock.Advance(LongestWait);
        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => End(call));
        _bench.Chip.IsPowered = true;
        Adxl345Batch after = await NextAfterRestart(recorder);

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.True(after.MayFollowGap);
        Assert.Equal(16, after.FirstIndex);
    }

    [Fact]
    public async Task A_chip_that_brings_nothing_is_given_up()
    {
        using ScriptedSpi device = new(static sent => Silent(sent));
        using Adxl345Recorder recorder = new(device, _gpio, new() { Pin = Pin }, _bench.Clock);
        long start = _bench.Clock.GetTimestamp();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => _bench.Run(recorder.ReadAsync(Cancelled)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.True(_bench.Clock.GetElapsedTime(start) >= LongestWait * 2);
    }

    [Fact]
    public async Task Events_come_with_the_batch_in_which_they_are_noticed()
    {
        _bench.Ambient.AccelerationZG = new FunctionStimulus(static at => at.TotalMilliseconds is >= 50 and < 60 ? 8 : 1);
        Adxl345Options sensor = new() { Rate = Adxl345Rate.Hz3200, Tap = new() { Axes = Adxl345Axes.Z } };
        using Adxl345Recorder recorder = new(Device(), _gpio, new() { Pin = Pin, Sensor = sensor }, _bench.Clock);
        List<Adxl345Events> events = [];

        while (recorder.Count < 400) { events.Add((await Next(recorder)).Events); }

        Assert.Equal(Adxl345Events.SingleTap, Assert.Single(events, static noticed => noticed != Adxl345Events.None));
    }

    [Fact]
    public async Task Disposal_puts_the_chip_into_standby_and_gives_the_pin_back()
    {
        Adxl345Recorder recorder = Open(watermark: 16);
        await Next(recorder);

        recorder.Dispose();
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_gpio.IsPinOpen(Pin));
        Assert.False(IsAsking);
    }

    [Fact]
    public void A_pin_in_use_and_impossible_options_are_refused()
    {
        using GpioController other = _bench.Buses.OpenGpio();
        other.OpenPin(Pin);

        Assert.Equal(SensorFault.BusUnavailable, Assert.Throws<SensorException>(() => Open(16)).Fault);
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adxl345Recorder(Device(), _gpio, new() { Pin = 1, Line = (Adxl345Line)2 }, _bench.Clock));
    }

    private static long Number(TimeSpan at, TimeSpan first) => Math.Max(0, (at - first).Ticks / PeriodTicks);

    private static long NumberOf(Adxl345Reading reading) =>
        ((long)(reading.XG * 256) + (Turn / 2)) + (((long)(reading.YG * 256) + (Turn / 2)) * Turn);

    private static byte[] Silent(byte[] sent)
    {
        byte[] registers = new byte[128];
        registers[0x00] = 0xE5;
        new byte[] { 0x0F, 0x08, 0x02, 0x00, 0x00, 0x0B }.CopyTo(registers, 0x2C);
        registers[0x38] = 0x90;
        return [0xFF, .. registers.AsSpan(sent[0] & 0x3F, sent.Length - 1)];
    }

    /// <summary>Lets time pass until the chip asks; from there on the recorder needs none.</summary>
    private async Task<Adxl345Batch> Next(Adxl345Recorder recorder, TimeSpan? step = null)
    {
        Task<Adxl345Batch> call = recorder.ReadAsync(Cancelled).AsTask();
        while (!call.IsCompleted && !IsAsking) { _bench.Clock.Advance(step ?? TimeSpan.FromMicroseconds(100)); }

        return await call.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    /// <summary>The recorder notices after its longest wait that the chip has forgotten everything; measuring again is the last that it asks of it.</summary>
    private async Task<Adxl345Batch> NextAfterRestart(Adxl345Recorder recorder)
    {
        using SpiDevice observer = _bench.Open(SpiMode.Mode3);
        Task<Adxl345Batch> call = recorder.ReadAsync(Cancelled).AsTask();
        _bench.Clock.Advance(LongestWait);
        while (SpiBench.Exchange(observer, 0xAD, 0)[1] != 0x08)
        {
            Cancelled.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        while (!call.IsCompleted && !IsAsking) { _bench.Clock.Advance(TimeSpan.FromMicroseconds(100)); }

        return await call.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    private static Task<Adxl345Batch> End(ValueTask<Adxl345Batch> call) => call.AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

    private SpiDevice Device() => _bench.Open(SpiMode.Mode3, 2_000_000);

    private Adxl345Recorder Open(int watermark) =>
        Adxl345Recorder.Open(_bench.Buses, new() { Chip = "ADXL345" }, _gpio, new() { Pin = Pin, Watermark = watermark }, _bench.Clock);
}
