using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Sensors.Tests.Drivers;

public sealed class SensorCatalogTests
{
    [Fact]
    public async Task A_chip_is_opened_by_name_at_its_default_address()
    {
        Bench bench = new();
        using ISensor sensor = SensorCatalog.Open(new() { Chip = "bme280" }, bench.Buses, bench.Clock);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(TestContext.Current.CancellationToken));

        Assert.Equal("BME280", sensor.Chip);
        Assert.Equal(sensor.Quantities, reading.Values.Select(static value => value.Quantity));
    }

    [Fact]
    public void Every_chip_has_what_a_model_and_a_scan_need() => Assert.All(SensorCatalog.Chips, static chip =>
    {
        Assert.Equal(chip.Bus != SensorBus.I2c, chip.Addresses.Count == 0);
        Assert.NotEmpty(chip.Description);
        Assert.All(chip.Quantities, static quantity => Assert.True(quantity.Minimum < quantity.Maximum));
        Assert.Equal(chip.Quantities.Count, chip.Quantities.Select(static quantity => quantity.Name).Distinct().Count());
    });

    [Fact]
    public void An_unknown_chip_and_an_impossible_address_are_refused_with_what_is_possible()
    {
        Bench bench = new();

        ArgumentException unknown = Assert.Throws<ArgumentException>(() => SensorCatalog.Open(new() { Chip = "BME999" }, bench.Buses, bench.Clock));
        ArgumentException address = Assert.Throws<ArgumentException>(() => SensorCatalog.Open(new() { Chip = "BME280", Address = 0x40 }, bench.Buses, bench.Clock));

        Assert.Contains("BME280", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("0x76, 0x77", address.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bus_that_the_board_lacks_is_reported_when_the_sensor_is_opened()
    {
        Bench bench = new();

        SensorException thrown = Assert.Throws<SensorException>(() => SensorCatalog.Open(new() { Chip = "BME280", BusId = 7 }, bench.Buses, bench.Clock));

        Assert.Equal(SensorFault.BusUnavailable, thrown.Fault);
        Assert.StartsWith("/dev/i2c-7: does not exist", thrown.Message, StringComparison.Ordinal);
    }
}
