using System.Device.I2c;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Mpu6050BufferTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_buffer_gives_every_sample_once_and_in_order()
    {
        Bench bench = Chip();
        bench.Ambient.AccelerationXG = Stimulus.Ramp(0, 1, TimeSpan.FromSeconds(10));
        using Mpu6050 sensor = Open(bench, new() { BufferSamples = true });
        await bench.Run(sensor.InitializeAsync(Cancelled));
        List<Mpu6050Reading> samples = [];
        for (int round = 0; round < 20; round++)
        {
            bench.Clock.Advance(TimeSpan.FromMilliseconds(100 + (round * 7)));
            await bench.Run(sensor.MeasureAsync(Cancelled)); // reads the status in between
            Mpu6050Buffer buffer = await bench.Run(sensor.ReadBufferAsync(Cancelled));
            Assert.False(buffer.SamplesWereLost);
            samples.AddRange(buffer.Samples);
        }

        double[] steps = [.. samples.Zip(samples.Skip(1), static (one, next) => next.AccelerationXG - one.AccelerationXG)];
        Assert.True(samples.Count > 300);
        Assert.All(steps, static step => Assert.Equal(0.001, step, 0.0001)); // 10 ms apart
        Assert.All(samples, static sample => Assert.Equal(1.0, sample.AccelerationZG));
    }

    [Fact]
    public async Task An_overflow_is_told_and_nothing_of_it_passes_for_a_sample()
    {
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench, new() { BufferSamples = true });
        await bench.Run(sensor.InitializeAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromSeconds(2));
        await bench.Run(sensor.MeasureAsync(Cancelled)); // its status read clears the chip's own flag

        Mpu6050Buffer overflowed = await bench.Run(sensor.ReadBufferAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Mpu6050Buffer after = await bench.Run(sensor.ReadBufferAsync(Cancelled));

        Assert.Empty(overflowed.Samples);
        Assert.True(overflowed.SamplesWereLost);
        Assert.False(after.SamplesWereLost);
        Assert.InRange(after.Samples.Count, 49, 51);
        Assert.All(after.Samples, static sample => Assert.Equal(1.0, sample.AccelerationZG));
    }

    [Fact]
    public async Task A_brown_out_is_told_by_the_next_buffer()
    {
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench, new() { BufferSamples = true });
        Assert.False((await bench.Run(sensor.ReadBufferAsync(Cancelled))).SamplesWereLost);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(300));
        bench.Chip.BrownOut();
        await bench.Run(sensor.MeasureAsync(Cancelled)); // initialises, and so restarts the FIFO

        Mpu6050Buffer buffer = await bench.Run(sensor.ReadBufferAsync(Cancelled));

        Assert.True(buffer.SamplesWereLost);
        Assert.All(buffer.Samples, static sample => Assert.Equal(1.0, sample.AccelerationZG));
    }

    [Fact]
    public async Task A_read_of_the_fifo_that_fails_is_not_repeated_but_told()
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using DisturbedFifo device = new(wire);
        using Mpu6050 sensor = new(device, new Mpu6050Options { BufferSamples = true }, bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(300));
        device.Disturb = (write, read) =>
        {
            wire.WriteRead(write, read[..((read.Length / 2) + 1)]); // the chip has given away half of the bytes
            throw new IOException("Error 121 (Remote I/O error) performing I2C data transfer.");
        };

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.ReadBufferAsync(Cancelled)));
        device.Disturb = null;
        Mpu6050Buffer next = await bench.Run(sensor.ReadBufferAsync(Cancelled));

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.Equal(1, device.Disturbed);
        Assert.True(next.SamplesWereLost);
        Assert.Empty(next.Samples);
    }

    [Fact]
    public async Task A_brown_out_just_before_the_fifo_is_read_never_passes_for_free_fall()
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using DisturbedFifo device = new(wire);
        using Mpu6050 sensor = new(device, new Mpu6050Options { BufferSamples = true }, bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(300));
        device.Disturb = (write, read) =>
        {
            bench.Chip.BrownOut();
            wire.WriteRead(write, read); // empty: zeros
        };

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.ReadBufferAsync(Cancelled)));
        device.Disturb = null;

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.True((await bench.Run(sensor.ReadBufferAsync(Cancelled))).SamplesWereLost);
    }

    [Fact]
    public async Task An_overflow_between_the_count_and_the_data_never_passes_for_samples()
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using DisturbedFifo device = new(wire);
        using Mpu6050 sensor = new(device, new Mpu6050Options { BufferSamples = true }, bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(300));
        device.Disturb = (write, read) =>
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(2));
            wire.WriteRead(write, read);
        };

        Mpu6050Buffer buffer = await bench.Run(sensor.ReadBufferAsync(Cancelled));

        Assert.True(buffer.SamplesWereLost);
        Assert.Empty(buffer.Samples);
    }

    [Fact]
    public async Task A_full_fifo_is_noticed_even_when_a_failed_transfer_ate_its_flag()
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using Mpu6050 sensor = new(bench.Open(), new Mpu6050Options { BufferSamples = true }, bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromSeconds(2));
        wire.WriteRead([0x3A], new byte[1]); // as the transfer whose answer never arrived

        Mpu6050Buffer buffer = await bench.Run(sensor.ReadBufferAsync(Cancelled), TimeSpan.FromTicks(1));

        Assert.True(buffer.SamplesWereLost);
        Assert.Empty(buffer.Samples);
    }

    [Fact]
    public async Task Without_buffering_there_is_no_buffer_to_read()
    {
        using Mpu6050 sensor = Open(Chip());

        await Assert.ThrowsAsync<InvalidOperationException>(() => sensor.ReadBufferAsync(Cancelled).AsTask());
    }

    private static Bench Chip() => new(new EmulatedChipOptions { Chip = "MPU-6050" });

    private static Mpu6050 Open(Bench bench, Mpu6050Options? options = null) => new(bench.Open(), options ?? new Mpu6050Options(), bench.Clock);

    /// <summary>Does something else instead of a read of the FIFO.</summary>
    private sealed class DisturbedFifo(I2cDevice wire) : I2cDevice
    {
        public delegate void Disturbance(byte[] write, Span<byte> read);

        public Disturbance? Disturb { get; set; }

        public int Disturbed { get; private set; }

        public override I2cConnectionSettings ConnectionSettings => wire.ConnectionSettings;

        public override void Read(Span<byte> buffer) => wire.Read(buffer);

        public override void Write(ReadOnlySpan<byte> buffer) => wire.Write(buffer);

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            if (Disturb is { } disturb && writeBuffer[0] == 0x74)
            {
                Disturbed++;
                disturb(writeBuffer.ToArray(), readBuffer);
                return;
            }

            wire.WriteRead(writeBuffer, readBuffer);
        }
    }
}
