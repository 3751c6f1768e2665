using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;
using Node.Sensors.Bus;

namespace Node.Host.Tests.Configuration;

public sealed class SensorOptionsReaderTests
{
    [Fact]
    public void A_chip_on_SPI_has_bus_and_chip_select_and_no_address()
    {
        SensorOptions sensor = Only(("Chip", "adxl345"), ("SpiBus", "1"), ("ChipSelect", "2"), ("Interval", "PT1M"));

        Assert.Equal(("ADXL345", 1, 2, null, TimeSpan.FromMinutes(1)), (sensor.Chip, sensor.SpiBus, sensor.ChipSelect, sensor.Address, sensor.Interval));
    }

    [Fact]
    public void Two_chips_on_SPI_are_no_clash_of_addresses_but_two_on_one_chip_select_are_one()
    {
        Assert.Empty(Load(("Node:Sensors:a:Chip", "ADXL345"), ("Node:Sensors:b:Chip", "MCP3008"), ("Node:Sensors:b:ChipSelect", "1")).Faults);
        Assert.StartsWith("Node:Sensors:b:ChipSelect: 0 on SPI bus 0 is taken by a", Assert.Single(
            Load(("Node:Sensors:a:Chip", "ADXL345"), ("Node:Sensors:b:Chip", "MCP3008")).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_address_on_two_channels_of_a_multiplexer_is_no_clash()
    {
        LoadedConfiguration loaded = Load(
            ("Node:Sensors:a:Chip", "BME280"), ("Node:Sensors:a:Mux:Address", "0x70"), ("Node:Sensors:a:Mux:Channel", "0"),
            ("Node:Sensors:b:Chip", "BME280"), ("Node:Sensors:b:Mux:Address", "0x70"), ("Node:Sensors:b:Mux:Channel", "7"));

        Assert.Empty(loaded.Faults);
        Assert.Equal(new I2cMuxChannel(0x70, 7), loaded.Options.Sensors[1].Mux);
    }

    [Theory]
    [InlineData("0x70", "3", "0x76", "Node:Sensors:behind:Address: 0x76 on bus 1 is taken by direct")] // A chip on the bus answers on every channel.
    [InlineData("0x76", "3", "0x77", "Node:Sensors:behind:Mux:Address: 0x76 on bus 1 is taken by direct")]
    [InlineData("0x70", null, "0x77", "Node:Sensors:behind:Mux:Channel: is missing")]
    [InlineData("0x70", "8", "0x77", "Node:Sensors:behind:Mux:Channel: '8' is not allowed; allowed is a whole number from 0 to 7")]
    [InlineData("0x60", "1", "0x77", "Node:Sensors:behind:Mux:Address: '0x60' is not allowed; allowed is 0x70 or 0x71")]
    public void A_multiplexer_that_cannot_be_is_a_fault(string mux, string? channel, string address, string expected)
    {
        LoadedConfiguration loaded = Load(
            ("Node:Sensors:direct:Chip", "BME280"), ("Node:Sensors:behind:Chip", "BME280"), ("Node:Sensors:behind:Address", address),
            ("Node:Sensors:behind:Mux:Address", mux), ("Node:Sensors:behind:Mux:Channel", channel));

        Assert.Contains(loaded.Faults, fault => fault.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void An_interrupt_line_does_not_share_its_pin()
    {
        LoadedConfiguration loaded = Load(
            ("Node:Sensors:imu:Chip", "MPU-6050"), ("Node:Sensors:imu:Options:InterruptPin", "17"), ("Node:Actuators:led:Pin", "17"));

        Assert.StartsWith("Node:Sensors:imu:Options:InterruptPin: 17 is taken by led", Assert.Single(loaded.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chips_options_are_judged_by_the_chip_and_unknown_ones_are_warned_about()
    {
        LoadedConfiguration loaded = Load(
            ("Node:Sensors:a:Chip", "BME280"), ("Node:Sensors:a:Options:Filter", "X99"), ("Node:Sensors:a:Options:PressureOversamplin", "X4"));

        Assert.StartsWith("Node:Sensors:a:Options:Filter: 'X99' is not allowed; allowed is Off", Assert.Single(loaded.Faults), StringComparison.Ordinal);
        Assert.Contains("Node:Sensors:a:Options:PressureOversampling is meant?", Assert.Single(loaded.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_machine_itself_is_a_sensor_without_a_bus()
    {
        SensorOptions sensor = Only(("Chip", "Machine"));

        Assert.Equal((null, null), (sensor.Address, sensor.ChipSelect));
        Assert.Contains("memoryAvailable", string.Join(' ', sensor.QuantityNames), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Filters_are_read_and_every_fault_has_its_path()
    {
        SensorOptions good = Only(("Chip", "BME280"), ("Filters:temperature:10_offset", "-0.5"), ("Filters:humidity:20_delta", "2%"));
        IReadOnlyList<string> faults = Load(
            ("Node:Sensors:a:Chip", "BME280"), ("Node:Sensors:a:Filters:warmth:10_offset", "1"), ("Node:Sensors:a:Filters:humidity:10_mediann", "5")).Faults;

        Assert.Equal(["temperature", "humidity"], good.Filters.Settings.Quantities.OrderDescending());
        Assert.Equal("-0.5", (string)good.Filters.Json["temperature"]!["10_offset"]!);
        Assert.Contains(faults, fault => fault.StartsWith("Node:Sensors:a:Filters:warmth: the sensor has no quantity 'warmth'", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Node:Sensors:a:Filters:humidity:10_mediann: ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_expected_of_a_quantity_is_read_and_checked()
    {
        QuantityOptions temperature = Only(
            ("Chip", "BME280"), ("Quantities:temperature:Minimum", "-10"), ("Quantities:temperature:Maximum", "40"), ("Quantities:temperature:StuckAfter", "1h"),
            ("Quantities:temperature:Decimals", "1")).Quantities["temperature"];
        IReadOnlyList<string> faults = Load(
            ("Node:Sensors:a:Chip", "BME280"), ("Node:Sensors:a:Quantities:warmth:Minimum", "1"),
            ("Node:Sensors:a:Quantities:humidity:Minimum", "50"), ("Node:Sensors:a:Quantities:humidity:Maximum", "40")).Faults;

        Assert.Equal((-10.0, 40.0, TimeSpan.FromHours(1), 1), (temperature.Plausible.Minimum, temperature.Plausible.Maximum, temperature.Plausible.StuckAfter, temperature.Decimals));
        Assert.Contains(faults, fault => fault.StartsWith("Node:Sensors:a:Quantities:warmth: the sensor has no such quantity", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Node:Sensors:a:Quantities:humidity:Minimum: 50 is above the maximum 40", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Chip", "BME208", "BME280 is meant?")]
    [InlineData("Cron", "61 * * * *", "'61 * * * *' is not allowed")]
    [InlineData("Startup", "maybe", "retry or ignore or error")]
    [InlineData("Timeout", "10ms", "PT1S to PT10M")]
    public void What_is_not_allowed_says_what_is(string key, string value, string expected) =>
        Assert.Contains(expected, Load(("Node:Sensors:a:Chip", "BME280"), ($"Node:Sensors:a:{key}", value)).Faults[0], StringComparison.Ordinal);

    private static SensorOptions Only(params (string Key, string? Value)[] settings)
    {
        LoadedConfiguration loaded = Load([.. settings.Select(pair => ($"Node:Sensors:a:{pair.Key}", pair.Value))]);
        Assert.Empty(loaded.Faults);
        return Assert.Single(loaded.Options.Sensors);
    }

    private static LoadedConfiguration Load(params (string Key, string? Value)[] settings) => NodeOptionsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.DistinctBy(pair => pair.Key).Select(pair => KeyValuePair.Create(pair.Key, settings.Last(last => last.Key == pair.Key).Value))).Build(),
        Path.GetTempPath());
}
