using System.Device.I2c;
using Node.Sensors.Emulation;
using static Node.Sensors.Tests.Emulation.Mpu6050Probe;

namespace Node.Sensors.Tests.Emulation;

/// <summary>The motion detectors of an emulated MPU-6050 against the register map, revision 3.2: 2 mg a step, 1 ms a step, 64 ms a step of stillness.</summary>
public sealed class Mpu6050MotionTests
{
    private const byte AccelerometerConfiguration = 0x1C;
    private const byte FreeFallThreshold = 0x1D;
    private const byte MotionThreshold = 0x1F;
    private const byte ZeroMotionThreshold = 0x21;
    private const byte MotionStatus = 0x61;
    private const byte MotionControl = 0x69;
    private const byte FreeFall = 0x80;
    private const byte Motion = 0x40;
    private const byte ZeroMotion = 0x20;
    private const byte Slowest = 4; // 0.63 Hz

    [Fact]
    public void Gravity_is_no_motion_behind_the_high_pass_filter_and_a_push_is()
    {
        Bench bench = Watching(out I2cDevice device, Motion, Slowest);
        device.Write([MotionThreshold, 50, 5]); // 100 mg for 5 ms
        Read(device, MotionStatus);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Read(device, Status));

        bench.Ambient.AccelerationXG = Stimulus.Constant(-0.15);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(4));
        Assert.Equal(0, Read(device, Status));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(Motion, Read(device, Status));
        Assert.Equal(0x80, Read(device, MotionStatus)); // X, negative
        bench.Clock.Advance(TimeSpan.FromSeconds(3));
        Read(device, Status);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(0, Read(device, Status)); // by now it passes for gravity
    }

    [Theory, InlineData(51, false), InlineData(49, true)]
    public void Motion_is_what_exceeds_two_milligravities_for_each_step_of_its_threshold(byte threshold, bool moves)
    {
        Bench bench = Watching(out I2cDevice device, Motion, filter: 0);
        bench.Ambient.AccelerationYG = Stimulus.Constant(0.1);
        bench.Ambient.AccelerationZG = Stimulus.Constant(0);

        device.Write([MotionThreshold, threshold, 1]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(moves ? Motion : 0, Read(device, Status) & Motion);
    }

    [Fact]
    public void Free_fall_is_all_three_axes_below_the_threshold_for_its_time()
    {
        Bench bench = Watching(out I2cDevice device, FreeFall, filter: 0);
        device.Write([FreeFallThreshold, 150, 30]); // 300 mg for 30 ms
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Read(device, Status));

        bench.Ambient.AccelerationZG = Stimulus.Constant(0.29);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(29));
        Assert.Equal(0, Read(device, Status));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(FreeFall, Read(device, Status));
    }

    [Theory, InlineData(0, false), InlineData(1, true)]
    public void An_interruption_sends_a_counter_back_or_counts_it_down(byte decrement, bool falls)
    {
        Bench bench = Watching(out I2cDevice device, FreeFall, filter: 0);
        device.Write([FreeFallThreshold, 150, 30]);
        device.Write([MotionControl, (byte)(decrement << 2)]);
        Hold(0, 25);
        Hold(1, 1);

        Hold(0, 10);

        Assert.Equal(falls ? FreeFall : 0, Read(device, Status));

        void Hold(double g, int milliseconds)
        {
            bench.Ambient.AccelerationZG = Stimulus.Constant(g);
            bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            Read(device, Data);
        }
    }

    [Fact]
    public void Stillness_tells_of_its_beginning_and_of_its_end()
    {
        Bench bench = Watching(out I2cDevice device, ZeroMotion, Slowest);
        device.Write([ZeroMotionThreshold, 20, 2]); // 40 mg for 128 ms
        bench.Clock.Advance(TimeSpan.FromMilliseconds(129));
        Assert.Equal(ZeroMotion, Read(device, Status));
        Assert.Equal(0x01, Read(device, MotionStatus) & 0x01);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Read(device, Status));
        Assert.Equal(0x01, Read(device, MotionStatus) & 0x01); // stays

        bench.Ambient.AccelerationXG = Stimulus.Constant(0.5);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(2));

        Assert.Equal(ZeroMotion, Read(device, Status));
        Assert.Equal(0x00, Read(device, MotionStatus) & 0x01);
    }

    [Fact]
    public void The_longest_stillness_is_seen_by_a_host_that_looks_once()
    {
        Bench bench = Watching(out I2cDevice device, ZeroMotion, Slowest);
        device.Write([ZeroMotionThreshold, 20, 255]);

        bench.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(ZeroMotion, Read(device, Status));
    }

    [Fact]
    public void A_held_sample_is_what_later_ones_are_measured_from()
    {
        Bench bench = Watching(out I2cDevice device, Motion, filter: 7);
        device.Write([MotionThreshold, 50, 1]);
        Read(device, MotionStatus);
        bench.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, Read(device, Status));

        bench.Ambient.AccelerationZG = Stimulus.Constant(1.2);
        bench.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(Motion, Read(device, Status));
        Assert.Equal(0x04, Read(device, MotionStatus)); // Z, positive
    }

    [Fact]
    public void Motion_drives_the_output_and_nothing_else_does_when_only_it_is_enabled()
    {
        Bench bench = Wired(out I2cDevice device, out List<PinEdge> edges);
        device.Write([AccelerometerConfiguration, Slowest]);
        device.Write([MotionThreshold, 50, 1]);
        device.Write([InterruptPin, 0x20, Motion]);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(edges);

        bench.Ambient.AccelerationXG = Stimulus.Constant(0.5);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.True(Assert.Single(edges).IsRising);
    }

    [Theory, InlineData(0x06, 512, 2.0, 0.0), InlineData(0x08, -201, 0.9, 0.0), InlineData(0x13, 328, 0.0, 10.0), InlineData(0x17, -656, 0.0, -20.0)]
    public void An_offset_is_added_to_every_sample_whatever_the_range(byte register, short offset, double g, double degrees)
    {
        Bench bench = Awake(out I2cDevice device);
        bench.Ambient.AccelerationXG = bench.Ambient.AccelerationYG = Stimulus.Constant(g == 0 ? 0 : g - (((offset & ~1) / 2048.0)));
        device.Write([0x1B, 0x08, 0x08]); // 500 °/s, 4 g

        device.Write([register, (byte)(offset >> 8), (byte)offset]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(20));

        short[] data = ReadData(device);
        int axis = register < 0x13 ? (register - 0x06) / 2 : 4 + ((register - 0x13) / 2);
        Assert.Equal(register < 0x13 ? g * 8192 : degrees * 65.5, data[axis], 1.0);
    }

    /// <summary>1,000 samples a second.</summary>
    private static Bench Watching(out I2cDevice device, byte causes, byte filter)
    {
        Bench bench = Awake(out device);
        device.Write([Divider, 0, 1]);
        device.Write([AccelerometerConfiguration, filter]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(20));
        device.Write([InterruptEnable, causes]);
        return bench;
    }
}
