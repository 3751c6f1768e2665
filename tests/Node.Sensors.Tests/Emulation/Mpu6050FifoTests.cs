using System.Device.I2c;
using Node.Sensors.Emulation;
using static Node.Sensors.Tests.Emulation.Mpu6050Probe;

namespace Node.Sensors.Tests.Emulation;

public sealed class Mpu6050FifoTests
{
    [Fact]
    public void The_fifo_takes_what_is_enabled_in_the_order_of_the_registers()
    {
        Bench bench = Awake(out I2cDevice device);
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(25);
        bench.Ambient.AngularRateZDegreesPerSecond = Stimulus.Constant(1);
        bench.Clock.Advance(StartUp);
        device.Write([FifoEnable, 0x98]); // thermometer, gyroscope Z, accelerometer
        device.Write([UserControl, 0x44]);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(20, Count(device));
        byte[] two = new byte[20];
        device.WriteRead([FifoData], two);
        Assert.Equal(Convert.FromHexString("000000004000F0B00083"), two[..10]);
        Assert.Equal(two[..10], two[10..]);
        Assert.Equal(0, Count(device));
        Assert.Equal(0x83, Read(device, FifoData)); // empty: the last byte again
    }

    [Fact]
    public void A_full_fifo_loses_the_oldest_bytes_and_says_so()
    {
        Bench bench = Awake(out I2cDevice device);
        device.Write([InterruptEnable, 0x10]);
        bench.Ambient.AccelerationXG = Stimulus.Ramp(0, 1, TimeSpan.FromSeconds(10));
        device.Write([FifoEnable, 0x08]);
        device.Write([UserControl, 0x44]);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(1_700)); // 170 samples of 6 bytes
        Assert.Equal(1020, Count(device));
        Assert.Equal(0x00, Read(device, Status));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(1024, Count(device));
        Assert.Equal(0x10, Read(device, Status));
        byte[] all = new byte[1024];
        device.WriteRead([FifoData], all);
        byte[] newest = new byte[6];
        device.WriteRead([Data], newest);
        Assert.Equal(newest, all[^6..]);
        device.Write([UserControl, 0x04]);
        Assert.Equal(0, Count(device));
    }

    [Fact]
    public void Many_unseen_samples_leave_the_fifo_as_watched_ones_do()
    {
        int[] manners = [1, 4000];
        byte[][] ends = [.. manners.Select(static looks =>
        {
            Bench bench = Awake(out I2cDevice device);
            bench.Ambient.AccelerationXG = Stimulus.Sine(0, 1, TimeSpan.FromSeconds(3));
            device.Write([FifoEnable, 0x78]);
            device.Write([UserControl, 0x44]);
            for (int look = 0; look < looks; look++)
            {
                bench.Clock.Advance(TimeSpan.FromSeconds(40) / looks);
                Read(device, Status);
            }

            byte[] all = new byte[1024];
            device.WriteRead([FifoData], all);
            return all;
        })];

        Assert.Equal(ends[0], ends[1]);
    }

    [Fact]
    public void The_low_byte_of_the_count_belongs_to_the_high_byte_read_before()
    {
        Bench bench = Awake(out I2cDevice device);
        device.Write([FifoEnable, 0x80]);
        device.Write([UserControl, 0x44]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(30));
        Assert.Equal(0, Read(device, FifoCount + 1));

        Read(device, FifoCount);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(30));

        Assert.Equal(6, Read(device, FifoCount + 1));
        Assert.Equal(12, Count(device));
    }
}
