using System.Device.I2c;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Bme280Tests
{
    private static readonly Bme280Options Finest = new()
    {
        Temperature = Bme280Oversampling.X16,
        Pressure = Bme280Oversampling.X16,
        Humidity = Bme280Oversampling.X16,
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, InlineData(ConversionTime.Typical), InlineData(ConversionTime.Maximum)]
    public async Task A_measurement_gives_the_world_around_the_chip(ConversionTime conversionTime)
    {
        Bench bench = new(conversionTime: conversionTime);
        using Bme280 sensor = bench.OpenSensor();

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(["temperature", "humidity", "pressure"], reading.Values.Select(static value => value.Quantity.Name));
        Assert.InRange(reading["temperature"], 20.99, 21.01);
        Assert.InRange(reading["humidity"], 44.98, 45.02);
        Assert.InRange(reading["pressure"], 101.32, 101.33);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Over_many_units_and_the_whole_range_a_round_trip_is_exact_to_one_step_of_the_converter(int seed)
    {
        Random random = new(seed);
        for (int unit = 0; unit < 25; unit++)
        {
            Bench bench = new(random.Next());
            using Bme280 sensor = bench.OpenSensor(Finest);
            for (int point = 0; point < 100; point++)
            {
                double celsius = -40 + (125 * random.NextDouble());
                double pascals = 30_000 + (80_000 * random.NextDouble());
                double percent = 100 * random.NextDouble();
                bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
                bench.Ambient.PressurePascals = Stimulus.Constant(pascals);
                bench.Ambient.HumidityPercent = Stimulus.Constant(percent);

                Bme280Reading reading = await bench.Run(sensor.ReadAsync(Cancelled), TimeSpan.FromMilliseconds(50));

                Assert.InRange(reading.TemperatureCelsius - celsius, -0.0004, 0.0004);
                Assert.InRange(reading.PressurePascals!.Value - pascals, -0.2, 0.2);
                Assert.InRange(reading.HumidityPercent!.Value - percent, -0.01, 0.01);
            }
        }
    }

    [Theory, InlineData(-40, 30_000, 0), InlineData(85, 110_000, 100), InlineData(-40, 110_000, 100), InlineData(85, 30_000, 0)]
    public async Task The_corners_of_the_operating_range_can_be_measured_by_every_unit(double celsius, double pascals, double percent)
    {
        for (int unit = 0; unit < 100; unit++)
        {
            Bench bench = new(unit);
            using Bme280 sensor = bench.OpenSensor(Finest);
            bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
            bench.Ambient.PressurePascals = Stimulus.Constant(pascals);
            bench.Ambient.HumidityPercent = Stimulus.Constant(percent);

            Bme280Reading reading = await bench.Run(sensor.ReadAsync(Cancelled), TimeSpan.FromMilliseconds(50));

            Assert.InRange(reading.TemperatureCelsius - celsius, -0.0004, 0.0004);
            Assert.InRange(reading.PressurePascals!.Value - pascals, -0.2, 0.2);
            Assert.InRange(reading.HumidityPercent!.Value - percent, -0.01, 0.01);
        }
    }

    [Fact]
    public async Task Skipped_channels_are_absent_from_the_reading()
    {
        Bench bench = new();
        using Bme280 sensor = bench.OpenSensor(new() { Pressure = Bme280Oversampling.Skipped, Humidity = Bme280Oversampling.Skipped });

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(sensor.Quantities, reading.Values.Select(static value => value.Quantity));
        Assert.Equal("temperature", Assert.Single(reading.Values).Quantity.Name);
        Assert.False(reading.TryGetValue("pressure", out _));
        Assert.Throws<KeyNotFoundException>(() => reading["humidity"]);
    }

    [Fact]
    public async Task A_brown_out_between_measurements_costs_nothing_but_an_initialisation()
    {
        Bench bench = new();
        using Bme280 sensor = bench.OpenSensor(new() { Filter = Bme280Filter.Coefficient4 });
        await bench.Run(sensor.MeasureAsync(Cancelled));

        bench.Chip.BrownOut();
        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.InRange(reading["temperature"], 20.99, 21.01);
        Assert.InRange(reading["pressure"], 101.32, 101.33);
    }

    [Fact]
    public async Task A_chip_exchanged_for_another_unit_is_read_with_its_own_calibration()
    {
        Bench bench = new(seed: 1);
        Bench spare = new(seed: 2);
        using Bme280 sensor = bench.OpenSensor();
        await bench.Run(sensor.MeasureAsync(Cancelled));

        bench.Bus.Detach(0x76);
        bench.Bus.Attach(0x76, spare.Chip);
        ValueTask<SensorReading> call = sensor.MeasureAsync(Cancelled);
        Task<SensorReading> task = call.AsTask();
        for (int turn = 0; turn < 1000 && !task.IsCompleted; turn++)
        {
            bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
            spare.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.InRange((await task)["pressure"], 101.32, 101.33);
    }

    [Fact]
    public async Task A_brown_out_in_the_middle_of_a_measurement_never_passes_for_weather()
    {
        Bench bench = new();
        using Bme280 sensor = bench.OpenSensor();
        await bench.Run(sensor.MeasureAsync(Cancelled));

        ValueTask<SensorReading> call = sensor.MeasureAsync(Cancelled);
        bench.Chip.BrownOut();
        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(call));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.True(thrown.RetryMayHelp);
        Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["temperature"], 20.99, 21.01);
    }

    [Fact]
    public async Task An_absent_chip_is_reported_with_its_place_and_read_again_when_it_is_back()
    {
        Bench bench = new();
        using Bme280 sensor = bench.OpenSensor();
        EmulatedChip chip = bench.Chip;
        bench.Bus.Detach(0x76);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));
        bench.Bus.Attach(0x76, chip);
        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.True(thrown.RetryMayHelp);
        Assert.StartsWith("I2C bus 1 address 0x76: ", thrown.Message, StringComparison.Ordinal);
        Assert.InRange(reading["temperature"], 20.99, 21.01);
    }

    [Theory, InlineData(0x58, "BMP280"), InlineData(0x61, "0x61"), InlineData(0x00, "stuck"), InlineData(0xFF, "stuck")]
    public async Task Another_chip_is_named_and_not_retried(byte id, string text)
    {
        Bench bench = new();
        using ScriptedRegisters device = HealthyRegisters();
        device.Registers[0xD0] = id;
        using Bme280 sensor = new(device, new Bme280Options(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled)));

        Assert.Equal(SensorFault.WrongId, thrown.Fault);
        Assert.False(thrown.RetryMayHelp);
        Assert.Contains(text, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(1, device.Transfers);
    }

    [Theory, InlineData(0x01), InlineData(0x08)]
    public async Task A_chip_that_stays_busy_is_given_up_after_twice_its_longest_time(byte stuckBit)
    {
        Bench bench = new();
        using ScriptedRegisters device = HealthyRegisters();
        device.Registers[0xF3] = stuckBit;
        using Bme280 sensor = new(device, new Bme280Options(), bench.Clock);
        long start = bench.Clock.GetTimestamp();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        double longest = stuckBit == 0x01 ? 2 * 2 : 2 + (2 * 9.3);
        Assert.InRange(bench.Clock.GetElapsedTime(start).TotalMilliseconds, longest, longest + 5);
    }

    [Fact]
    public async Task The_three_values_come_from_one_transaction_that_begins_before_the_data()
    {
        Bench bench = new();
        RecordingDevice wire = new(bench.Open());
        using Bme280 sensor = new(wire, new Bme280Options(), bench.Clock);
        await bench.Run(sensor.MeasureAsync(TestContext.Current.CancellationToken));
        wire.Reads.Clear();

        await bench.Run(sensor.MeasureAsync(TestContext.Current.CancellationToken));

        Assert.Equal(0xF2, wire.Reads[^1]); // control, status and data up to 0xFE in one burst
        Assert.DoesNotContain(wire.Reads, static register => register is >= 0xF7 and <= 0xFE);
    }

    [Fact]
    public async Task No_write_relies_on_what_several_values_in_one_transaction_mean()
    {
        Bench bench = new();
        using I2cDevice wire = bench.Open();
        using RecordingDevice recorder = new(wire);
        using Bme280 sensor = new(recorder, new Bme280Options { Filter = Bme280Filter.Coefficient4 }, bench.Clock);

        await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.All(recorder.Writes, static write => Assert.Equal(2, write.Length));
        Assert.Equal([0xE0, 0xF5, 0xF2, 0xF4, 0xF4], recorder.Writes.Select(static write => (int)write[0]));
    }

    [Theory, InlineData(0x00), InlineData(0xFF)]
    public async Task A_blank_calibration_is_refused(byte fill)
    {
        Bench bench = new();
        using ScriptedRegisters device = HealthyRegisters();
        device.Registers.AsSpan(0x88, 26).Fill(fill);
        using Bme280 sensor = new(device, new Bme280Options(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.BadCalibration, thrown.Fault);
    }

    [Fact]
    public async Task The_datasheets_example_passes_through_the_whole_driver()
    {
        Bench bench = new();
        using ScriptedRegisters device = HealthyRegisters();
        using Bme280 sensor = new(device, new Bme280Options(), bench.Clock);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(25.0825, reading["temperature"], 4);
        Assert.Equal(100.6532668, reading["pressure"], 7);
        Assert.Equal(50.9431, reading["humidity"], 4);
    }

    [Fact]
    public async Task A_value_outside_the_operating_range_is_a_fault_and_no_reading()
    {
        Bench bench = new();
        using ScriptedRegisters device = HealthyRegisters();
        device.Registers.AsSpan(0xF7, 8).Fill(0xFF);
        using Bme280 sensor = new(device, new Bme280Options(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.OutOfRange, thrown.Fault);
        Assert.Contains("temperature", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        Bench bench = new();
        using Bme280 sensor = bench.OpenSensor();
        using CancellationTokenSource stop = new();

        Task<SensorReading> call = sensor.MeasureAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        Bench bench = new();

        Assert.Throws<ArgumentOutOfRangeException>(() => bench.OpenSensor(new() { Temperature = Bme280Oversampling.Skipped }));
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.OpenSensor(new() { Pressure = (Bme280Oversampling)6 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.OpenSensor(new() { Filter = (Bme280Filter)5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.OpenSensor(new() { TransferAttempts = 0 }));
    }

    /// <summary>Registers of a chip that has just measured the datasheet's example.</summary>
    private static ScriptedRegisters HealthyRegisters()
    {
        ScriptedRegisters device = new();
        Bme280Vectors.Bytes(Bme280Vectors.LowBlock).CopyTo(device.Registers, 0x88);
        Bme280Vectors.Bytes(Bme280Vectors.HighBlock).CopyTo(device.Registers, 0xE1);
        device.Registers[0xD0] = 0x60;
        Bme280Vectors.Bytes("655AC0 7EED00 7530").CopyTo(device.Registers, 0xF7);
        return device;
    }
}
