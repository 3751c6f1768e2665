using System.Device.I2c;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Mpu6050Tests
{
    private const int Pin = 6;

    private static readonly string[] Names =
        ["accelerationX", "accelerationY", "accelerationZ", "angularVelocityX", "angularVelocityY", "angularVelocityZ", "temperature"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, InlineData(ConversionTime.Typical), InlineData(ConversionTime.Maximum)]
    public async Task A_measurement_gives_the_world_around_the_chip(ConversionTime conversionTime)
    {
        Bench bench = Chip(conversionTime);
        (bench.Ambient.AccelerationXG, bench.Ambient.AccelerationYG) = (Stimulus.Constant(0.25), Stimulus.Constant(-0.5));
        bench.Ambient.AngularRateXDegreesPerSecond = Stimulus.Constant(1);
        bench.Ambient.AngularRateYDegreesPerSecond = Stimulus.Constant(-2);
        bench.Ambient.AngularRateZDegreesPerSecond = Stimulus.Constant(200);
        using Mpu6050 sensor = Open(bench);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(Names, reading.Values.Select(static value => value.Quantity.Name));
        Assert.Equal([0.25, -0.5, 1.0, 1.0, -2.0, 200.0], reading.Values.Take(6).Select(static value => value.Value));
        Assert.Equal(21.0, reading["temperature"], 0.002);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public async Task Over_the_whole_range_a_round_trip_is_exact_to_one_count(int code)
    {
        Random random = new(code);
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench, new()
        {
            AccelerometerRange = (Mpu6050AccelerometerRange)code,
            GyroscopeRange = (Mpu6050GyroscopeRange)code,
            SampleRateDivider = 0,
            Filter = Mpu6050Filter.Hertz188,
        });
        double g = (2 << code) * 0.9999;
        double degrees = (250 << code) * 0.998; // at 32.8 and 16.4 counts the words end just below the nominal range
        double[] steps = [.. Enumerable.Repeat(1.0 / (16384 >> code), 3), .. Enumerable.Repeat((250 << code) / 32_750.0, 3), 1 / 340.0];
        for (int point = 0; point < 2_500; point++)
        {
            double[] expected = [Draw(g), Draw(g), Draw(g), Draw(degrees), Draw(degrees), Draw(degrees), 22.5 + Draw(62.4)];
            Stimulus[] world = [.. expected.Select(Stimulus.Constant)];
            (bench.Ambient.AccelerationXG, bench.Ambient.AccelerationYG, bench.Ambient.AccelerationZG) = (world[0], world[1], world[2]);
            (bench.Ambient.AngularRateXDegreesPerSecond, bench.Ambient.AngularRateYDegreesPerSecond, bench.Ambient.AngularRateZDegreesPerSecond) = (world[3], world[4], world[5]);
            bench.Ambient.TemperatureCelsius = world[6];

            SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

            for (int i = 0; i < expected.Length; i++) { Assert.InRange(reading.Values[i].Value - expected[i], -steps[i], steps[i]); }
        }

        double Draw(double limit) => ((2 * random.NextDouble()) - 1) * limit;
    }

    [Theory, InlineData(-3920, 25.000588), InlineData(0, 36.53), InlineData(-521, 34.997647)]
    public void The_temperature_is_computed_by_this_chips_formula_and_not_the_MPU_6500s(short word, double celsius)
    {
        Mpu6050Frame frame = new(0, 0, 0, word, 0, 0, 0);

        Assert.Equal(celsius, frame.ToReading(new Mpu6050Settings(new Mpu6050Options())).TemperatureCelsius, 6);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(99), InlineData(255)]
    public async Task The_sample_rate_divider_changes_the_rate_and_never_the_scale(int divider)
    {
        Bench bench = Chip();
        bench.Ambient.AngularRateXDegreesPerSecond = Stimulus.Constant(100);
        using Mpu6050 sensor = Open(bench, new() { SampleRateDivider = divider });
        await bench.Run(sensor.InitializeAsync(Cancelled));
        long start = bench.Clock.GetTimestamp();

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(1.0, reading["accelerationZ"]);
        Assert.Equal(100.0, reading["angularVelocityX"]);
        Assert.InRange(bench.Clock.GetElapsedTime(start).TotalMilliseconds, divider + 1, divider + 5);
    }

    [Fact]
    public async Task A_frame_is_read_in_one_burst_with_its_status()
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using RecordingDevice recorder = new(wire);
        using Mpu6050 sensor = new(recorder, new Mpu6050Options(), bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        recorder.Reads.Clear();

        await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.DoesNotContain(recorder.Reads, static register => register is >= 0x3B and <= 0x48);
        Assert.InRange(recorder.Reads.Count(static register => register == 0x3A), 2, 3);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_value_at_the_end_of_its_range_is_a_fault_and_no_reading(bool rate)
    {
        Bench bench = Chip();
        if (rate) { bench.Ambient.AngularRateYDegreesPerSecond = Stimulus.Constant(-400); }
        else { bench.Ambient.AccelerationZG = Stimulus.Constant(2.5); }
        using Mpu6050 sensor = Open(bench);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.OutOfRange, thrown.Fault);
        Assert.Contains(rate ? "angular rate" : "acceleration", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_brown_out_between_measurements_costs_nothing_but_an_initialisation()
    {
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench, new() { AccelerometerRange = Mpu6050AccelerometerRange.G8 });
        await bench.Run(sensor.MeasureAsync(Cancelled));

        bench.Chip.BrownOut();

        Assert.Equal(1.0, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"]);
    }

    [Fact]
    public async Task A_brown_out_in_the_middle_of_a_measurement_never_passes_for_rest()
    {
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench);
        await bench.Run(sensor.MeasureAsync(Cancelled));

        ValueTask<SensorReading> call = sensor.MeasureAsync(Cancelled);
        bench.Chip.BrownOut();
        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(call));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.True(thrown.RetryMayHelp);
        Assert.Equal(1.0, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"]);
    }

    [Theory]
    [InlineData(0x70, "MPU-6500")]
    [InlineData(0x98, "imitation")]
    [InlineData(0x33, "0x33")]
    [InlineData(0x00, "stuck")]
    [InlineData(0xFF, "stuck")]
    public async Task Another_chip_is_named_and_left_alone(byte id, string text)
    {
        Bench bench = Chip();
        using ScriptedRegisters device = new();
        device.Registers[0x75] = id;
        using Mpu6050 sensor = new(device, new Mpu6050Options(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled)));

        Assert.Equal(SensorFault.WrongId, thrown.Fault);
        Assert.Contains(text, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(1, device.Transfers);
    }

    [Fact]
    public async Task A_reset_that_does_not_end_is_given_up_after_twice_its_longest_time()
    {
        Bench bench = Chip();
        using ScriptedRegisters device = new();
        device.Registers[0x75] = 0x68; // and PWR_MGMT_1 keeps the reset bit that is written to it
        using Mpu6050 sensor = new(device, new Mpu6050Options(), bench.Clock);
        long start = bench.Clock.GetTimestamp();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.InRange(bench.Clock.GetElapsedTime(start).TotalMilliseconds, 200, 205);
    }

    [Fact]
    public async Task An_absent_chip_is_reported_with_its_place_and_read_again_when_it_is_back()
    {
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench);
        EmulatedChip chip = bench.Chip;
        bench.Bus.Detach(0x68);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));
        bench.Bus.Attach(0x68, chip);

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.StartsWith("I2C bus 1 address 0x68: ", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(1.0, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"]);
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        Bench bench = Chip();

        Refused(new() { AccelerometerRange = (Mpu6050AccelerometerRange)4 });
        Refused(new() { GyroscopeRange = (Mpu6050GyroscopeRange)(-1) });
        Refused(new() { Filter = (Mpu6050Filter)7 });
        Refused(new() { SampleRateDivider = 256 });
        Refused(new() { InterruptPin = 54 });
        Refused(new() { TransferAttempts = 0 });
        Assert.Throws<ArgumentNullException>(() => Open(bench, new() { InterruptPin = Pin }));

        void Refused(Mpu6050Options options) => Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, options));
    }

    private static Bench Chip(ConversionTime conversionTime = ConversionTime.Typical) => new(new EmulatedChipOptions { Chip = "MPU-6050", ConversionTime = conversionTime });

    private static Mpu6050 Open(Bench bench, Mpu6050Options? options = null) => new(bench.Open(), options ?? new Mpu6050Options(), bench.Clock);
}
