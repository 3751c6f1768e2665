namespace Node.Sensors.Drivers;

/// <summary>The options as the chip's registers, scales and waiting times. Source: RM-MPU-6000A revision 4.2, sections 4.2 to 4.5; PS-MPU-6000A revision 3.4, section 6.</summary>
internal sealed class Mpu6050Settings
{
    /// <summary>The clock may be slow by a few percent until the phase-locked loop holds.</summary>
    private const double SlowestClock = 1.1;

    private readonly byte[] _sampling;

    public Mpu6050Settings(Mpu6050Options options)
    {
        int accelerometer = (int)options.AccelerometerRange;
        int gyroscope = (int)options.GyroscopeRange;
        _sampling = [(byte)options.SampleRateDivider, (byte)options.Filter, (byte)(gyroscope << 3), (byte)(accelerometer << 3)];
        CountsPerG = 16384 >> accelerometer;
        CountsPerDegreePerSecond = options.GyroscopeRange switch
        {
            Mpu6050GyroscopeRange.DegreesPerSecond250 => 131.0,
            Mpu6050GyroscopeRange.DegreesPerSecond500 => 65.5,
            Mpu6050GyroscopeRange.DegreesPerSecond1000 => 32.8,
            _ => 16.4,
        };
        LargestG = 2 << accelerometer;
        LargestDegreesPerSecond = 250 << gyroscope;
        double perSecond = options.Filter == Mpu6050Filter.Hertz256 ? 8000.0 : 1000.0;
        Period = TimeSpan.FromSeconds((1 + options.SampleRateDivider) / perSecond);
        FifoEnable = options.BufferSamples ? Mpu6050Register.FifoTakesEverything : (byte)0;
        InterruptEnable = (byte)(Mpu6050Register.DataReady | (options.BufferSamples ? Mpu6050Register.FifoOverflow : 0));
    }

    /// <summary>SMPLRT_DIV, CONFIG, GYRO_CONFIG, ACCEL_CONFIG.</summary>
    public ReadOnlySpan<byte> Sampling => _sampling;

    public byte FifoEnable { get; }

    public byte InterruptEnable { get; }

    public double CountsPerG { get; }

    public double CountsPerDegreePerSecond { get; }

    public double LargestG { get; }

    public double LargestDegreesPerSecond { get; }

    /// <summary>From one sample to the next.</summary>
    public TimeSpan Period { get; }

    public TimeSpan LongestPeriod => Period * SlowestClock;
}
