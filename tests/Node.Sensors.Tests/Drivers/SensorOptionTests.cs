using Node.Sensors.Drivers;

namespace Node.Sensors.Tests.Drivers;

public sealed class SensorOptionTests
{
    public static TheoryData<string> Chips => [.. SensorCatalog.Chips.Select(static chip => chip.Name)];

    [Theory, MemberData(nameof(Chips))]
    public void Each_default_written_out_is_the_same_as_left_out(string name)
    {
        SensorChip chip = Find(name);
        Dictionary<string, string> written = chip.Options.Where(static option => option.Default.Length > 0).ToDictionary(static option => option.Name, static option => option.Default);
        List<string> faults = [];

        IReadOnlyList<Quantity> withThem = chip.CheckOptions(With(Needed(chip), written), "Options", faults);

        Assert.Empty(faults);
        Assert.Equal(chip.CheckOptions(Needed(chip), "Options", faults), withThem);
        Assert.Empty(faults);
    }

    [Theory, MemberData(nameof(Chips))]
    public void Each_option_is_described_and_refuses_nonsense(string name)
    {
        SensorChip chip = Find(name);

        Assert.All(chip.Options, option =>
        {
            Assert.NotEmpty(option.Description);
            if (option.Kind == SensorOptionKind.Text && option.Default is "/" or "") { return; } // any folder, and free texts with no fixed shape

            List<string> faults = [];
            chip.CheckOptions(With(Needed(chip), new() { [option.Name] = "no;sense" }), "Node:Sensors:x:Options", faults);
            Assert.StartsWith($"Node:Sensors:x:Options:{option.Name}: 'no;sense' is not allowed; allowed is ", Assert.Single(faults), StringComparison.Ordinal);
        });
        Assert.Equal(chip.Options.Count, chip.Options.Select(static option => option.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory, MemberData(nameof(Chips))]
    public void The_ends_of_each_numbers_range_are_allowed_and_nothing_beyond(string name)
    {
        SensorChip chip = Find(name);

        foreach (SensorOption option in chip.Options.Where(static option => option.Minimum is not null))
        {
            Assert.Contains("is not allowed", FaultsOf(chip, option, option.Minimum!.Value - 1), StringComparison.Ordinal);
            Assert.Contains("is not allowed", FaultsOf(chip, option, option.Maximum!.Value + 1), StringComparison.Ordinal);
            Assert.DoesNotContain("is not allowed", FaultsOf(chip, option, option.Minimum!.Value), StringComparison.Ordinal);
            Assert.DoesNotContain("is not allowed", FaultsOf(chip, option, option.Maximum!.Value), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Options_given_as_texts_reach_the_chip()
    {
        Bench bench = new();
        Dictionary<string, string> options = new() { ["humidityOversampling"] = "skipped", ["Filter"] = "coefficient4" };
        using ISensor sensor = SensorCatalog.Open(new() { Chip = "BME280" }, options, bench.Buses, bench.Clock);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(TestContext.Current.CancellationToken));

        byte[] config = new byte[1];
        using System.Device.I2c.I2cDevice other = bench.Buses.OpenI2c(1, bench.Address);
        other.WriteRead([0xF5], config);
        Assert.Equal(2 << 2, config[0]); // filter coefficient 4
        Assert.Equal(["temperature", "pressure"], reading.Values.Select(static value => value.Quantity.Name));
    }

    [Theory]
    [InlineData("ADS1115", "Channels", "Single0, Difference23/Volts0256, Single1*2.5=battery", "voltage0 voltage23 battery")]
    [InlineData("MCP3008", "Inputs", "Channel2, channel0minus1", "voltage2 voltage0Minus1")]
    [InlineData("BME280", "PressureOversampling", "Skipped", "temperature humidity")]
    public void Options_decide_what_is_measured(string chip, string option, string text, string expected)
    {
        List<string> faults = [];

        IReadOnlyList<Quantity> quantities = Find(chip).CheckOptions(new Dictionary<string, string> { [option] = text }, "Options", faults);

        Assert.Empty(faults);
        Assert.Equal(expected, string.Join(' ', quantities.Select(static quantity => quantity.Name)));
    }

    [Theory]
    [InlineData("ADS1115", "Channels", "Single9")]
    [InlineData("ADS1115", "Channels", "Single0/Volts9")]
    [InlineData("ADS1115", "Channels", "Single0=9lives")]
    [InlineData("ADS1115", "Channels", "")]
    [InlineData("MCP3008", "KnownInput", "Channel7, 3.3")]
    [InlineData("SHT31", "AlertHigh", "60, 80, 58")]
    public void A_text_with_a_wrong_shape_is_refused_with_the_right_one(string chip, string option, string text)
    {
        List<string> faults = [];

        Find(chip).CheckOptions(new Dictionary<string, string> { [option] = text }, "Options", faults);

        Assert.StartsWith($"Options:{option}: '{text}' is not allowed", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_do_not_go_together_and_options_that_do_not_exist_are_refused()
    {
        List<string> faults = [];

        Find("ADXL345").CheckOptions(new Dictionary<string, string> { ["Rate"] = "Hz3200", ["ClockHertz"] = "400000" }, "Options", faults);
        Find("SHT31").CheckOptions(new Dictionary<string, string> { ["AlertHigh"] = "10, 20, 58, 79" }, "Options", faults);
        Find("BH1750").CheckOptions(new Dictionary<string, string> { ["Gain"] = "2" }, "Options", faults);

        Assert.Equal(3, faults.Count);
        Assert.StartsWith("Options: the options do not go together: ", faults[0], StringComparison.Ordinal);
        Assert.StartsWith("Options: the options do not go together: ", faults[1], StringComparison.Ordinal);
        Assert.StartsWith("Options:Gain: is no option of this chip; there are Resolution, ", faults[2], StringComparison.Ordinal);
        Bench bench = new();
        Assert.Throws<ArgumentException>(() => SensorCatalog.Open(new() { Chip = "BME280" }, new Dictionary<string, string> { ["Filter"] = "3" }, bench.Buses, bench.Clock));
    }

    private static SensorChip Find(string name) => SensorCatalog.Chips.Single(chip => chip.Name == name);

    /// <summary>What a chip cannot do without: its pin.</summary>
    private static Dictionary<string, string> Needed(SensorChip chip) =>
        chip.Options.Where(static option => option.IsRequired).ToDictionary(static option => option.Name, static _ => "17");

    private static Dictionary<string, string> With(Dictionary<string, string> some, Dictionary<string, string> others)
    {
        foreach ((string name, string text) in others) { some[name] = text; }

        return some;
    }

    private static string FaultsOf(SensorChip chip, SensorOption option, double value)
    {
        List<string> faults = [];
        chip.CheckOptions(With(Needed(chip), new() { [option.Name] = value.ToString(System.Globalization.CultureInfo.InvariantCulture) }), "Options", faults);
        return string.Join("; ", faults);
    }
}
