using System.Buffers.Binary;
using System.Device.I2c;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Tmp102Tests
{
    private readonly ChipBench<Tmp102Chip> _bench = new(new() { Chip = "TMP102" });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<double> WholeRange => [.. Enumerable.Range(-40, 166).Select(static degrees => (double)degrees)];

    [Theory] // table 2 of the datasheet
    [InlineData(0x6400, 100), InlineData(0x5000, 80), InlineData(0x4B00, 75), InlineData(0x1900, 25), InlineData(0x0040, 0.25), InlineData(0x0000, 0)]
    [InlineData(0xFFC0, -0.25), InlineData(0xE700, -25)]
    public async Task The_datasheets_words_mean_the_datasheets_temperatures(int word, double celsius)
    {
        using Tmp102 sensor = new(new FixedWords((ushort)word, 0xE1A0), new Tmp102Options(), _bench.Clock);

        SensorReading reading = await _bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(celsius, reading["temperature"]);
    }

    [Theory, MemberData(nameof(WholeRange))]
    public async Task The_whole_range_is_measured_within_half_a_step(double celsius)
    {
        _bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius + 0.01);
        using Tmp102 sensor = Open();

        Assert.Equal(Math.Min(celsius + 0.01, 125), (await _bench.Run(sensor.MeasureAsync(Cancelled)))["temperature"], 0.0313);
    }

    [Theory, InlineData(ConversionTime.Typical, 26), InlineData(ConversionTime.Maximum, 35)]
    public async Task A_measurement_takes_as_long_as_the_chip_needs(ConversionTime conversion, int milliseconds)
    {
        ChipBench<Tmp102Chip> bench = new(new() { Chip = "TMP102", ConversionTime = conversion });
        using Tmp102 sensor = new(bench.Open(), new Tmp102Options(), bench.Clock);
        bench.Pass(100);
        await sensor.InitializeAsync(Cancelled);

        TimeSpan took = await bench.TimeOf(() => sensor.MeasureAsync(Cancelled).AsTask());

        Assert.InRange(took.TotalMilliseconds, milliseconds, milliseconds + 2);
    }

    [Fact]
    public async Task Each_reading_is_of_its_own_time()
    {
        using Tmp102 sensor = Open();
        double[] readings = new double[3];

        for (int i = 0; i < readings.Length; i++)
        {
            _bench.Ambient.TemperatureCelsius = Stimulus.Constant(20 + i);
            readings[i] = (await _bench.Run(sensor.MeasureAsync(Cancelled)))["temperature"];
        }

        Assert.Equal([20, 21, 22], readings);
    }

    [Fact]
    public async Task After_a_brown_out_between_readings_nothing_is_wrong()
    {
        using Tmp102 sensor = Open();
        await _bench.Run(sensor.MeasureAsync(Cancelled));

        _bench.Chip.BrownOut();
        _bench.Ambient.TemperatureCelsius = Stimulus.Constant(-7);

        Assert.Equal(-7, (await _bench.Run(sensor.MeasureAsync(Cancelled)))["temperature"]);
    }

    [Fact]
    public async Task A_brown_out_in_a_measurement_is_a_fault_and_the_next_one_succeeds()
    {
        using Tmp102 sensor = Open();
        await _bench.Run(sensor.MeasureAsync(Cancelled));
        ValueTask<SensorReading> call = sensor.MeasureAsync(Cancelled);
        _bench.Pass(10);
        _bench.Chip.BrownOut();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(async () => await _bench.Run(call));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.Equal(21, (await _bench.Run(sensor.MeasureAsync(Cancelled)))["temperature"]);
    }

    [Fact]
    public async Task Another_chip_at_the_address_is_named()
    {
        using Tmp102 sensor = new(new FixedWords(0, 0x8583), new Tmp102Options(), _bench.Clock); // an ADS1115's word

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(async () => await _bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.WrongId, thrown.Fault);
        Assert.Contains("0x8583", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chip_that_is_gone_is_told()
    {
        using Tmp102 sensor = Open();
        _bench.Chip.IsPowered = false;

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(async () => await _bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
    }

    private Tmp102 Open() => new(_bench.Open(), new Tmp102Options(), _bench.Clock);

    /// <summary>A chip that answers the same two words for ever.</summary>
    private sealed class FixedWords(ushort temperature, ushort configuration) : I2cDevice
    {
        private ushort _word;

        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x48);

        public override void Read(Span<byte> buffer) => BinaryPrimitives.WriteUInt16BigEndian(buffer, _word);

        public override void Write(ReadOnlySpan<byte> buffer) => _word = buffer[0] == 0 ? temperature : configuration;

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            Write(writeBuffer);
            Read(readBuffer);
        }
    }
}
