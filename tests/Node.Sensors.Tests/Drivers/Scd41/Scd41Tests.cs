using System.Device.I2c;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Scd41Tests
{
    private const double HalfStepCelsius = (175.0 / 65535 / 2) + 1e-9;
    private const double HalfStepPercent = (100.0 / 65535 / 2) + 1e-9;

    public static TheoryData<Scd41Acquisition> Acquisitions => [.. Enum.GetValues<Scd41Acquisition>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Acquisitions))]
    public async Task A_measurement_gives_the_world_around_the_chip(Scd41Acquisition acquisition)
    {
        foreach (ConversionTime time in Enum.GetValues<ConversionTime>())
        {
            ChipBench<Scd41Chip> bench = Bench(time);
            using Scd41 sensor = Open(bench, new() { Acquisition = acquisition });

            SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), stepMilliseconds: 1);

            Assert.Equal(["carbonDioxide", "temperature", "humidity"], reading.Values.Select(static value => value.Quantity.Name));
            Assert.Equal(600, reading["carbonDioxide"]);
            Assert.InRange(reading["temperature"], 20.998, 21.002);
            Assert.InRange(reading["humidity"], 44.999, 45.001);
            Assert.Equal(0, bench.Chip.ForbiddenCommands);
        }
    }

    [Fact]
    public async Task The_vendors_example_passes_through_the_whole_driver()
    {
        ChipBench<Scd41Chip> bench = Bench();
        TamperedDevice wire = new(bench.Open())
        {
            OnRead = static bytes =>
            {
                if (bytes.Length == 9 && !IsSerialNumber(bytes)) { Convert.FromHexString("01F4336667A25EB93C").CopyTo(bytes, 0); }
            },
        };
        using Scd41 sensor = new(wire, new(), bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), stepMilliseconds: 1);

        Assert.Equal(500, reading["carbonDioxide"]);
        Assert.Equal(25.0027, reading["temperature"], 4);
        Assert.Equal(37.0016, reading["humidity"], 4);

        static bool IsSerialNumber(byte[] bytes) => bytes[0] != 0x02; // the measurement begins with 600 ppm, 0x0258
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Over_the_whole_range_a_round_trip_is_exact_to_half_a_step_of_the_words(int seed)
    {
        Random random = new(seed);
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        for (int point = 0; point < 2_500; point++)
        {
            double ppm = point switch { 0 => 1, 1 => 40_000, _ => 1 + (39_999 * random.NextDouble()) };
            double celsius = point switch { 0 => -9.998, 1 => 59.998, _ => -10 + (70 * random.NextDouble()) };
            double percent = point switch { 0 => 0, 1 => 100, _ => 100 * random.NextDouble() };
            SetAir(bench, ppm, celsius, percent);
            bench.Pass(5_000);

            SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), stepMilliseconds: 1);

            Assert.InRange(reading["carbonDioxide"] - ppm, -0.5, 0.5);
            Assert.InRange(reading["temperature"] - celsius, -HalfStepCelsius, HalfStepCelsius);
            Assert.InRange(reading["humidity"] - percent, -HalfStepPercent, HalfStepPercent);
        }
    }

    [Theory, InlineData(70_000, 0x02BC), InlineData(101_325, 0x03F5), InlineData(98_760, 0x03DC), InlineData(120_000, 0x04B0)]
    public async Task The_ambient_pressure_is_written_in_hectopascals_and_is_never_zero(double pascals, int word)
    {
        ChipBench<Scd41Chip> bench = Bench();
        bench.Ambient.PressurePascals = Stimulus.Constant(pascals);
        TamperedDevice wire = new(bench.Open());
        using Scd41 sensor = new(wire, new() { AmbientPressurePascals = pascals, AltitudeMeters = 2_000 }, bench.Clock);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), stepMilliseconds: 1);

        byte[] sent = Assert.Single(wire.Written, static bytes => bytes is [0xE0, 0x00, _, _, _]);
        Assert.Equal(word, (sent[2] << 8) | sent[3]);
        Assert.InRange(reading["carbonDioxide"], 599, 601);
    }

    [Fact]
    public async Task The_pressure_can_follow_the_weather_while_the_chip_measures_and_survives_a_brown_out()
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench);
        bench.Ambient.PressurePascals = Stimulus.Constant(85_000);
        Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled), 1))["carbonDioxide"], 500, 505); // thinner air than assumed

        sensor.SetAmbientPressure(85_000);
        Assert.Equal(600, (await bench.Run(sensor.MeasureAsync(Cancelled), 1))["carbonDioxide"]);
        bench.Chip.BrownOut();

        Assert.Equal(600, (await bench.Run(sensor.MeasureAsync(Cancelled), 1))["carbonDioxide"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => sensor.SetAmbientPressure(850));
    }

    [Fact]
    public async Task The_altitude_corrects_for_the_thinner_air_of_a_mountain()
    {
        ChipBench<Scd41Chip> bench = Bench();
        bench.Ambient.PressurePascals = Stimulus.Constant(79_495); // standard atmosphere at 2,000 m
        using Scd41 sensor = Open(bench, new() { AltitudeMeters = 2_000 });

        Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled), 1))["carbonDioxide"], 599, 601);
    }

    [Theory, InlineData(0, 25), InlineData(4, 21), InlineData(10, 15)]
    public async Task The_temperature_offset_moves_temperature_and_humidity_and_not_the_gas(double offset, double celsius)
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench, new() { TemperatureOffsetCelsius = offset });

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), 1);

        Assert.InRange(reading["temperature"], celsius - 0.01, celsius + 0.01);
        Assert.Equal(Math.Sign(offset - 4), Math.Sign(Math.Round(reading["humidity"] - 45, 2)));
        Assert.Equal(600, reading["carbonDioxide"]);
    }

    [Fact]
    public async Task Settings_that_are_in_force_already_are_not_written_again()
    {
        ChipBench<Scd41Chip> bench = Bench();
        TamperedDevice wire = new(bench.Open());
        using Scd41 sensor = new(wire, new(), bench.Clock);

        await bench.Run(sensor.InitializeAsync(Cancelled));

        Assert.DoesNotContain(wire.Written, static bytes => bytes.Length > 2);
    }

    [Theory, InlineData(Scd41Acquisition.EveryFiveSeconds, 5.5, 11.8), InlineData(Scd41Acquisition.EveryThirtySeconds, 33, 64.2)]
    public async Task A_brown_out_is_noticed_by_the_missing_data_and_measuring_begins_anew(Scd41Acquisition acquisition, double atLeast, double atMost)
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench, new() { Acquisition = acquisition, TemperatureOffsetCelsius = 6 });
        await bench.Run(sensor.MeasureAsync(Cancelled), 5);

        bench.Chip.BrownOut();
        bench.Pass(100);
        SensorReading? reading = null;
        TimeSpan taken = await bench.TimeOf(async () => reading = await sensor.MeasureAsync(Cancelled), 5);

        Assert.InRange(reading!["temperature"], 18.99, 19.01);
        Assert.InRange(taken.TotalSeconds, atLeast, atMost);
    }

    [Fact]
    public async Task A_brown_out_between_single_shots_is_noticed_by_the_settings()
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench, new() { Acquisition = Scd41Acquisition.SingleShot, TemperatureOffsetCelsius = 6 });
        await bench.Run(sensor.MeasureAsync(Cancelled), 1);

        bench.Chip.BrownOut();
        bench.Pass(100);
        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), 1);

        Assert.InRange(reading["temperature"], 18.99, 19.01);
        Assert.Equal(600, reading["carbonDioxide"]); // and not what the first shot after power-up shows
    }

    [Fact]
    public async Task A_brown_out_in_the_middle_of_a_single_shot_is_reported_and_the_next_call_recovers()
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench, new() { Acquisition = Scd41Acquisition.SingleShot });
        await bench.Run(sensor.MeasureAsync(Cancelled), 1);

        Task<SensorReading> call = sensor.MeasureAsync(Cancelled).AsTask();
        for (int turn = 0; turn < 100; turn++)
        {
            bench.Pass(1);
            await Task.Yield();
        }

        bench.Chip.BrownOut();
        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(call, 1));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.Equal(600, (await bench.Run(sensor.MeasureAsync(Cancelled), 1))["carbonDioxide"]);
    }

    [Fact]
    public async Task The_first_single_shot_after_power_up_is_discarded_and_later_ones_are_not()
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench, new() { Acquisition = Scd41Acquisition.SingleShot });
        await bench.Run(sensor.InitializeAsync(Cancelled));

        TimeSpan first = await bench.TimeOf(async () => await sensor.MeasureAsync(Cancelled), 1);
        TimeSpan second = await bench.TimeOf(async () => await sensor.MeasureAsync(Cancelled), 1);

        Assert.InRange(first.TotalSeconds, 10, 10.1);
        Assert.InRange(second.TotalSeconds, 5, 5.1);
    }

    [Theory, InlineData(0x21B1, 100), InlineData(0x21AC, 31_000), InlineData(0x36E0, 100), InlineData(0x219D, 4_500)]
    public async Task A_chip_is_taken_over_in_whatever_state_another_program_left_it(int code, double milliseconds)
    {
        ChipBench<Scd41Chip> bench = Bench();
        using (I2cDevice other = bench.Open()) { other.Write([(byte)(code >> 8), (byte)code]); }

        bench.Pass(milliseconds);
        using Scd41 sensor = Open(bench);

        Assert.Equal(600, (await bench.Run(sensor.MeasureAsync(Cancelled), 1))["carbonDioxide"]);
    }

    [Theory, InlineData(2), InlineData(5), InlineData(8)]
    public async Task A_checksum_error_in_any_word_is_reported_and_no_reading(int index)
    {
        ChipBench<Scd41Chip> bench = Bench();
        TamperedDevice wire = new(bench.Open());
        using Scd41 sensor = new(wire, new(), bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        wire.OnRead = bytes =>
        {
            if (bytes.Length == 9) { bytes[index] ^= 0x01; }
        };

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled), 1));
        wire.OnRead = static _ => { };

        Assert.Equal(SensorFault.ChecksumMismatch, thrown.Fault);
        Assert.Contains($"word {(index / 3) + 1} of 3", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(600, (await bench.Run(sensor.MeasureAsync(Cancelled), 1))["carbonDioxide"]);
    }

    [Theory, InlineData(0x0440, "SCD40"), InlineData(0x5441, "variant 5")]
    public async Task A_sibling_of_the_chip_is_named_and_not_retried(int variant, string text)
    {
        ChipBench<Scd41Chip> bench = Bench();
        bool asked = false;
        TamperedDevice wire = new(bench.Open());
        wire.OnWrite = bytes => asked = bytes is [0x20, 0x2F];
        wire.OnRead = bytes =>
        {
            if (asked) { SensirionWord.Encode(variant).CopyTo(bytes, 0); }
        };
        using Scd41 sensor = new(wire, new(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled), 1));

        Assert.Equal(SensorFault.WrongId, thrown.Fault);
        Assert.Contains(text, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_chip_is_reported_with_its_place_and_read_again_when_it_is_back()
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench);
        bench.Bus.Detach(0x62);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled), 1));
        bench.Bus.Attach(0x62, bench.Chip);

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.StartsWith("I2C bus 1 address 0x62: ", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(600, (await bench.Run(sensor.MeasureAsync(Cancelled), 1))["carbonDioxide"]);
    }

    [Fact]
    public async Task A_chip_without_data_is_given_up_after_a_second_try()
    {
        ChipBench<Scd41Chip> bench = Bench();
        TamperedDevice wire = new(bench.Open());
        bool asked = false;
        wire.OnWrite = bytes => asked = bytes is [0xE4, 0xB8];
        wire.OnRead = bytes =>
        {
            if (asked) { SensirionWord.Encode(0x8000).CopyTo(bytes, 0); }
        };
        using Scd41 sensor = new(wire, new(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled), 1));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.Contains("205 mA", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_measurement_without_carbon_dioxide_is_a_fault_and_no_reading()
    {
        ChipBench<Scd41Chip> bench = Bench();
        SetAir(bench, 0, 21, 45);
        using Scd41 sensor = Open(bench);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled), 1));

        Assert.Equal(SensorFault.OutOfRange, thrown.Fault);
        Assert.Contains("carbonDioxide", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recalibration_takes_three_minutes_of_measuring_and_gives_the_correction()
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench);
        await bench.Run(sensor.MeasureAsync(Cancelled), 1);

        SensorException early = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.ForceRecalibrationAsync(420, Cancelled), 1));
        await bench.Run(sensor.MeasureAsync(Cancelled), 1);
        bench.Pass(180_000);
        int correction = await bench.Run(sensor.ForceRecalibrationAsync(420, Cancelled), 1);

        Assert.Equal(SensorFault.NotReady, early.Fault);
        Assert.Equal(-180, correction);
        Assert.Equal(420, (await bench.Run(sensor.MeasureAsync(Cancelled), 1))["carbonDioxide"]);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => sensor.ForceRecalibrationAsync(399, Cancelled));
    }

    [Fact]
    public async Task The_self_test_takes_ten_seconds_and_settings_can_be_made_to_outlive_the_supply()
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench, new() { AltitudeMeters = 1_234 });
        await bench.Run(sensor.InitializeAsync(Cancelled), 1);

        bool healthy = false;
        TimeSpan taken = await bench.TimeOf(async () => healthy = await sensor.TestItselfAsync(Cancelled), 1);
        await bench.Run(sensor.PersistSettingsAsync(Cancelled), 1);
        bench.Chip.BrownOut();
        bench.Pass(30);
        using I2cDevice device = bench.Open();
        byte[] altitude = new byte[3];
        device.Write([0x23, 0x22]);
        bench.Pass(1);
        device.Read(altitude);

        Assert.True(healthy);
        Assert.InRange(taken.TotalSeconds, 10.5, 10.6);
        Assert.Equal(1_234, (altitude[0] << 8) | altitude[1]);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = Open(bench);
        using CancellationTokenSource stop = new();

        Task<SensorReading> call = sensor.MeasureAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        ChipBench<Scd41Chip> bench = Bench();

        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { Acquisition = (Scd41Acquisition)3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { TemperatureOffsetCelsius = -0.1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { TemperatureOffsetCelsius = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { AltitudeMeters = 3_001 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { AmbientPressurePascals = 1_013 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { TransferAttempts = 0 }));
    }

    private static ChipBench<Scd41Chip> Bench(ConversionTime time = ConversionTime.Typical)
    {
        ChipBench<Scd41Chip> bench = new(new() { Chip = "SCD41", ConversionTime = time });
        bench.Pass(30);
        return bench;
    }

    private static Scd41 Open(ChipBench<Scd41Chip> bench, Scd41Options? options = null) => new(bench.Open(), options ?? new(), bench.Clock);

    private static void SetAir(ChipBench<Scd41Chip> bench, double ppm, double celsius, double percent)
    {
        bench.Ambient.CarbonDioxidePpm = Stimulus.Constant(ppm);
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
        bench.Ambient.HumidityPercent = Stimulus.Constant(percent);
    }
}
