using System.Device.Gpio;
using System.Device.I2c;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Mpu6050InterruptTests
{
    private const int Pin = 6;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_reading_is_never_older_than_the_call(bool wired)
    {
        Bench bench = Chip(pin: wired ? Pin : null);
        using GpioController gpio = bench.Buses.OpenGpio();
        using Mpu6050 sensor = new(bench.Open(), new Mpu6050Options { Filter = Mpu6050Filter.Hertz188, InterruptPin = wired ? Pin : null }, bench.Clock, gpio);
        await bench.Run(sensor.MeasureAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromSeconds(5));

        bench.Ambient.AccelerationXG = Stimulus.Constant(0.5);

        Assert.Equal(0.5, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationX"]);
    }

    [Fact]
    public async Task The_interrupt_ends_the_wait_for_a_sample()
    {
        Bench bench = Chip(pin: Pin);
        using GpioController gpio = bench.Buses.OpenGpio();
        using I2cDevice wire = bench.Open();
        using RecordingDevice recorder = new(wire);
        using Mpu6050 sensor = new(recorder, new Mpu6050Options { InterruptPin = Pin, SampleRateDivider = 249 }, bench.Clock, gpio);
        await bench.Run(sensor.MeasureAsync(Cancelled));
        recorder.Reads.Clear();

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(1.0, reading["accelerationZ"]);
        Assert.Equal([0x19, 0x6B, 0x3A, 0x3A], recorder.Reads.Select(static register => (int)register)); // settings, status cleared, one look
    }

    [Fact]
    public async Task A_missed_edge_costs_time_and_no_reading()
    {
        Bench bench = Chip(pin: Pin);
        using GpioController gpio = bench.Buses.OpenGpio();
        using Mpu6050 sensor = new(bench.Open(), new Mpu6050Options { InterruptPin = Pin }, bench.Clock, gpio);
        await bench.Run(sensor.MeasureAsync(Cancelled));
        foreach (bool level in new[] { true, false })
        {
            bench.Board.Gpio.ShortCircuit(Pin, level);

            Assert.Equal(1.0, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"]);
        }
    }

    [Fact]
    public async Task Cancellation_ends_both_kinds_of_wait()
    {
        Bench bench = Chip(pin: Pin);
        using GpioController gpio = bench.Buses.OpenGpio();
        foreach (int? pin in new int?[] { null, Pin })
        {
            using Mpu6050 sensor = new(bench.Open(), new Mpu6050Options { InterruptPin = pin }, bench.Clock, gpio);
            await bench.Run(sensor.InitializeAsync(Cancelled));
            using CancellationTokenSource stop = new();

            Task<SensorReading> call = sensor.MeasureAsync(stop.Token).AsTask();
            await stop.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
    }

    private static Bench Chip(int? pin = null) => new(new EmulatedChipOptions { Chip = "MPU-6050", InterruptPin = pin });
}
