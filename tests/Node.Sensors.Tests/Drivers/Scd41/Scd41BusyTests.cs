using System.Device.I2c;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

/// <summary>What the driver makes of a chip that refuses because it is busy: with its own command, with another program's, or longer than the datasheet says.</summary>
public sealed class Scd41BusyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Telling_the_pressure_just_before_a_measurement_does_not_begin_the_rhythm_anew()
    {
        ChipBench<Scd41Chip> bench = new(new EmulatedChipOptions { Chip = "SCD41" });
        TamperedDevice wire = new(bench.Open());
        using Scd41 sensor = new(wire, new(), bench.Clock);
        await bench.Run(sensor.MeasureAsync(Cancelled), 1);

        sensor.SetAmbientPressure(101_300);
        await bench.Run(sensor.MeasureAsync(Cancelled), 1);

        Assert.Single(wire.Written, static bytes => bytes is [0x3F, 0x86]);
    }

    [Theory, InlineData(3), InlineData(15)]
    public async Task A_chip_that_takes_longer_over_each_command_than_its_datasheet_says_is_waited_for(int milliseconds)
    {
        ChipBench<Scd41Chip> bench = new(new EmulatedChipOptions { Chip = "SCD41" });
        SlowChip wire = new(bench.Open(), bench.Clock, TimeSpan.FromMilliseconds(milliseconds));
        using Scd41 sensor = new(wire, new(), bench.Clock);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), 1);

        Assert.Equal(600, reading["carbonDioxide"]);
        Assert.True(wire.Refused > 0);
    }

    [Fact]
    public async Task A_single_shot_that_a_killed_program_began_is_waited_for()
    {
        ChipBench<Scd41Chip> bench = new(new EmulatedChipOptions { Chip = "SCD41" });
        using I2cDevice killed = bench.Open();
        bench.Pass(30);
        killed.Write([0x21, 0x9D]);
        using Scd41 sensor = new(bench.Open(), new() { Acquisition = Scd41Acquisition.SingleShot }, bench.Clock);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), 1);

        Assert.Equal(600, reading["carbonDioxide"]);
    }

    [Fact]
    public async Task A_measurement_that_another_program_read_first_costs_one_period_and_no_fault()
    {
        ChipBench<Scd41Chip> bench = new(new EmulatedChipOptions { Chip = "SCD41" });
        TamperedDevice wire = new(bench.Open());
        int thefts = 0;
        wire.OnRead = bytes =>
        {
            if (wire.Written[^1] is not [0xEC, 0x05] || thefts++ > 0) { return; }

            throw new IOException("Error 121 (Remote I/O error) performing I2C data transfer."); // the buffer is empty from here on
        };
        using Scd41 sensor = new(wire, new(), bench.Clock);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), 1);

        Assert.Equal(600, reading["carbonDioxide"]);
        Assert.True(thefts > 1);
        Assert.Single(wire.Written, static bytes => bytes is [0x3F, 0x86]);
    }

    /// <summary>Acknowledges nothing for a while after every command that it took.</summary>
    private sealed class SlowChip(I2cDevice chip, TimeProvider time, TimeSpan busy) : I2cDevice
    {
        private long? _taken;

        public int Refused { get; private set; }

        public override I2cConnectionSettings ConnectionSettings => chip.ConnectionSettings;

        public override void Read(Span<byte> buffer)
        {
            RefuseWhileBusy();
            chip.Read(buffer);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            RefuseWhileBusy();
            chip.Write(buffer);
            _taken = time.GetTimestamp();
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) { chip.Dispose(); }

            base.Dispose(disposing);
        }

        private void RefuseWhileBusy()
        {
            if (_taken is not { } taken || time.GetElapsedTime(taken) >= busy) { return; }

            Refused++;
            throw new IOException("Error 121 (Remote I/O error) performing I2C data transfer.");
        }
    }
}
