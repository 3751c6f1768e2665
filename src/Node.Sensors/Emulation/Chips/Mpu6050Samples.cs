namespace Node.Sensors.Emulation;

/// <summary>
/// The way of a sample through an emulated MPU-6050: converter, data registers, FIFO, motion detection, interrupt; and the registers that
/// tune it. Source: register map RM-MPU-6000A revision 4.2, sections 4.2 to 4.5, 4.17 to 4.19 and 4.29 to 4.31.
/// </summary>
internal sealed class Mpu6050Samples
{
    private const byte SampleRateDivider = 0x19;
    private const byte Configuration = 0x1A;
    private const byte GyroscopeConfiguration = 0x1B;
    private const byte AccelerometerConfiguration = 0x1C;
    private const byte FifoEnable = 0x23;
    private const byte Data = 0x3B;
    private const byte UserControl = 0x6A;
    private const byte PowerManagement1 = 0x6B;
    private const byte PowerManagement2 = 0x6C;
    private const byte FifoData = 0x74;
    private const byte UserFifoEnable = 0x40;
    private const byte UserFifoReset = 0x04;
    private const byte UserSignalPathReset = 0x01;
    private const byte UserLastingBits = 0x60;

    private readonly RegisterMap _registers;
    private readonly Mpu6050Converter _converter;
    private readonly Mpu6050Interrupt _interrupt;
    private readonly EmulatedInterruptLine? _line;
    private readonly Mpu6050Offsets _offsets;
    private readonly Mpu6050Fifo _fifo = new();
    private readonly Mpu6050Motion _motion;
    private readonly Mpu6050Sampler _sampler;
    private readonly byte[] _data = new byte[Mpu6050Converter.Length];

    public Mpu6050Samples(
        RegisterMap registers, Mpu6050Converter converter, Mpu6050Interrupt interrupt, EmulatedInterruptLine? line, ConversionTime conversionTime,
        Func<TimeSpan, TimeSpan> slowed)
    {
        _registers = registers;
        _converter = converter;
        _interrupt = interrupt;
        _line = line;
        _offsets = new Mpu6050Offsets(registers);
        _motion = new Mpu6050Motion(registers);
        _sampler = new Mpu6050Sampler(Sample, () => _motion.Memory, conversionTime, slowed);
    }

    /// <summary>When the next sample is taken.</summary>
    public TimeSpan? Next => _sampler.Next;

    public void Describe(Func<TimeSpan> now)
    {
        void Tune(byte value) => Retune(now());
        _offsets.Describe();
        _motion.Describe();
        _registers.Add(SampleRateDivider, "SMPLRT_DIV", onWrite: Tune);
        _registers.Add(Configuration, "CONFIG", writeMask: 0x3F, onWrite: Tune);
        _registers.Add(GyroscopeConfiguration, "GYRO_CONFIG", writeMask: 0xF8, onWrite: Tune);
        _registers.Add(AccelerometerConfiguration, "ACCEL_CONFIG", onWrite: Tune);
        _registers.Add(FifoEnable, "FIFO_EN");
        _registers.AddBlock(Data, "ACCEL_TEMP_GYRO_OUT", new byte[Mpu6050Converter.Length], offset => _data[offset]);
        _registers.Add(UserControl, "USER_CTRL", writeMask: 0x67, onWrite: ObeyUserControl, onRead: () => (byte)(_registers[UserControl] & UserLastingBits));
        _registers.Add(PowerManagement2, "PWR_MGMT_2", onWrite: Tune);
        _registers.Add(0x72, "FIFO_COUNT_H", access: RegisterAccess.ReadOnly, onRead: _fifo.LatchCount);
        _registers.Add(0x73, "FIFO_COUNT_L", access: RegisterAccess.ReadOnly, onRead: () => _fifo.LatchedCountLow);
        _registers.Add(FifoData, "FIFO_R_W", onWrite: value => _fifo.Push([value]), onRead: _fifo.Pop);
    }

    public void Reset()
    {
        _sampler.Stop();
        _fifo.Reset();
        _motion.Reset();
        Array.Clear(_data);
    }

    public void Retune(TimeSpan now) => _sampler.Command(
        new Mpu6050Control(
            _registers[SampleRateDivider], _registers[Configuration], _registers[GyroscopeConfiguration], _registers[AccelerometerConfiguration],
            _registers[PowerManagement1], _registers[PowerManagement2]),
        now);

    /// <summary>Takes every sample whose time has come, and ends a pulse of the output that is over.</summary>
    public void AdvanceTo(TimeSpan now)
    {
        _sampler.AdvanceTo(now);
        EndPulse(now);
    }

    /// <summary>The lowest three bits reset FIFO, auxiliary bus and signal paths, and clear themselves.</summary>
    private void ObeyUserControl(byte value)
    {
        if ((value & UserFifoReset) != 0) { _fifo.Clear(); }
        if ((value & UserSignalPathReset) != 0) { Array.Clear(_data); }

        _registers[UserControl] = (byte)(value & UserLastingBits);
    }

    private void Sample(TimeSpan at, Mpu6050Control control, double gyroscopeShare)
    {
        EndPulse(at);
        Span<double> acceleration = stackalloc double[3];
        _converter.Sample(at, control, gyroscopeShare, _offsets, _data, acceleration);
        if ((_registers[UserControl] & UserFifoEnable) != 0 && !_fifo.PushSample(_data, _registers[FifoEnable]))
        {
            _interrupt.Raise(Mpu6050Interrupt.FifoOverflow, at);
        }

        _interrupt.Raise(_motion.Observe(acceleration, control.Period), at);
        _interrupt.Raise(Mpu6050Interrupt.DataReady, at);
        _line?.Set(_interrupt.Level());
    }

    private void EndPulse(TimeSpan now)
    {
        _interrupt.EndPulse(now);
        _line?.Set(_interrupt.Level());
    }
}
