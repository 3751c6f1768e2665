using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;
using Node.Sensors.Tests.Support;

namespace Node.Sensors.Tests.Drivers;

public sealed class Bme280Tests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Driver_and_chip_agree_over_the_whole_range(int seed)
    {
        var random = new Random(seed);
        var bench = new Bench(seed);
        using Bme280 driver = bench.Driver(new Bme280Options { Temperature = Bme280Oversampling.X16, Pressure = Bme280Oversampling.X16, Humidity = Bme280Oversampling.X16 });
        for (int point = 0; point < 2_500; point++)
        {
            double celsius = -35 + (115 * random.NextDouble());
            double percent = 5 + (90 * random.NextDouble());
            double pascals = 35_000 + (70_000 * random.NextDouble());
            bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
            bench.Ambient.HumidityPercent = Stimulus.Constant(percent);
            bench.Ambient.PressurePascals = Stimulus.Constant(pascals);

            Bme280Reading reading = await bench.Run(driver.ReadAsync(None));

            string where = $"seed {seed}, point {point}: {celsius} °C, {percent} %, {pascals} Pa";
            Assert.True(Math.Abs(reading.TemperatureCelsius - celsius) < 0.001, $"{where}: {reading.TemperatureCelsius}");
            Assert.True(Math.Abs(reading.PressurePascals!.Value - pascals) < 0.5, $"{where}: {reading.PressurePascals}");
            Assert.True(Math.Abs(reading.HumidityPercent!.Value - percent) < 0.02, $"{where}: {reading.HumidityPercent}");
        }
    }

    [Theory, InlineData(ConversionTime.Typical), InlineData(ConversionTime.Maximum)]
    public async Task A_reading_has_the_quantities_and_units_of_the_model(ConversionTime conversionTime)
    {
        var bench = new Bench(conversionTime: conversionTime);
        using Bme280 driver = bench.Driver();

        SensorReading reading = await bench.Run(driver.MeasureAsync(None));

        Assert.Equal([("temperature", "degreeCelsius"), ("humidity", "percent"), ("pressure", "kilopascal")], reading.Values.Select(value => (value.Quantity.Name, value.Quantity.Unit)));
        Assert.Equal(21.0, reading["temperature"], 1);
        Assert.Equal(45.0, reading["humidity"], 1);
        Assert.Equal(101.325, reading["pressure"], 2);
    }

    [Fact]
    public async Task A_skipped_channel_is_left_out()
    {
        var bench = new Bench();
        using Bme280 driver = bench.Driver(new Bme280Options { Pressure = Bme280Oversampling.Skipped, Humidity = Bme280Oversampling.Skipped });

        SensorReading reading = await bench.Run(driver.MeasureAsync(None));

        Assert.Equal(["temperature"], reading.Values.Select(value => value.Quantity.Name));
    }

    [Fact]
    public async Task A_brown_out_between_measurements_is_mended_without_a_false_value()
    {
        var bench = new Bench();
        using Bme280 driver = bench.Driver();
        SensorReading before = await bench.Run(driver.MeasureAsync(None));
        bench.Chip.BrownOut();

        SensorReading after = await bench.Run(driver.MeasureAsync(None));

        Assert.Equal(before["temperature"], after["temperature"], 2);
        Assert.Equal(0x01, bench.Read(0xF2));
    }

    [Fact]
    public async Task A_brown_out_during_a_measurement_gives_a_fault_and_never_the_reset_value()
    {
        var bench = new Bench();
        using Bme280 driver = bench.Driver();
        await bench.Run(driver.MeasureAsync(None));
        Task<SensorReading> measuring = driver.MeasureAsync(None).AsTask();
        bench.Advance(4);
        bench.Chip.BrownOut();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(new ValueTask<SensorReading>(measuring)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.True(thrown.RetryMayHelp);
        Assert.Equal(21.0, (await bench.Run(driver.MeasureAsync(None)))["temperature"], 1);
    }

    [Fact]
    public async Task An_absent_chip_is_named_with_bus_address_and_remedy()
    {
        var bench = new Bench();
        bench.Bus.Detach(0x76);
        using Bme280 driver = bench.Driver();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(driver.MeasureAsync(None)));

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.Contains("0x76", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("wiring", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("121", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((byte)0x58, "BMP280")]
    [InlineData((byte)0x00, "stuck")]
    [InlineData((byte)0x61, "0x61")]
    public async Task Another_chip_is_told_by_its_id(byte id, string expected)
    {
        using var driver = new Bme280(new RegisterFile(id), new Bme280Options(), TimeProvider.System);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => driver.InitializeAsync(None));

        Assert.Equal(SensorFault.WrongId, thrown.Fault);
        Assert.False(thrown.RetryMayHelp);
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chip_that_never_finishes_is_not_waited_for_for_ever()
    {
        var bench = new Bench();
        var device = new RegisterFile(0x60, bench.Read(0x88, 26), bench.Read(0xE1, 7)) { Status = 0x08 };
        using var driver = new Bme280(device, new Bme280Options(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(driver.MeasureAsync(None)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.Contains("did not finish a measurement", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blank_calibration_is_a_fault()
    {
        using var driver = new Bme280(new RegisterFile(0x60), new Bme280Options(), TimeProvider.System);

        Assert.Equal(SensorFault.BadCalibration, (await Assert.ThrowsAsync<SensorException>(() => driver.InitializeAsync(None))).Fault);
    }

    [Theory]
    [InlineData(1, 3, true)]
    [InlineData(2, 3, true)]
    [InlineData(3, 3, false)]
    [InlineData(1, 1, false)]
    public async Task A_lost_acknowledge_is_retried_a_bounded_number_of_times(int failures, int attempts, bool succeeds)
    {
        var bench = new Bench();
        var flaky = new FlakyDevice(bench.Device, failures);
        using var driver = new Bme280(flaky, new Bme280Options { TransferAttempts = attempts }, bench.Clock);

        Exception? thrown = await Record.ExceptionAsync(() => bench.Run(driver.MeasureAsync(None)));

        Assert.Equal(succeeds, thrown is null);
    }

    [Fact]
    public async Task A_world_outside_the_chips_range_is_a_fault_and_no_value()
    {
        var bench = new Bench();
        bench.Ambient.PressurePascals = Stimulus.Constant(20_000);
        using Bme280 driver = bench.Driver();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(driver.MeasureAsync(None)));

        Assert.Equal(SensorFault.OutOfRange, thrown.Fault);
    }

    [Fact]
    public async Task Cancellation_ends_a_wait()
    {
        var bench = new Bench();
        using Bme280 driver = bench.Driver();
        using var cancel = new CancellationTokenSource();
        Task<SensorReading> measuring = driver.MeasureAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => measuring);
    }

    [Theory]
    [InlineData("BME999", null, "Known: BME280")]
    [InlineData("bme280", 0x40, "Possible: 0x76, 0x77")]
    public void The_catalog_says_what_is_possible(string chip, int? address, string expected)
    {
        var bench = new Bench();

        ArgumentException thrown = Assert.Throws<ArgumentException>(() => SensorCatalog.Open(new SensorConnection { Chip = chip, Address = address }, bench.Provider, bench.Clock));

        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }
}
