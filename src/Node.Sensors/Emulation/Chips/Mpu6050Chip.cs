namespace Node.Sensors.Emulation;

/// <summary>
/// An MPU-6050 at register level: accelerometer, gyroscope, temperature, sample clock, FIFO, interrupt output, self-test. Reads and writes run
/// on through the addresses, except at the FIFO's; the register last named stays selected across STOP. After a reset command bit 7 of
/// PWR_MGMT_1 stays set for a while in which writes are lost. Not emulated: motion detection, frame synchronisation and the auxiliary bus,
/// whose registers only store. Source: register map RM-MPU-6000A revision 4.2.
/// </summary>
public sealed class Mpu6050Chip : EmulatedChip
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
    private const byte DeviceReset = 0x80;
    private const byte UserFifoEnable = 0x40;
    private const byte UserFifoReset = 0x04;
    private const byte UserSignalPathReset = 0x01;

    private readonly EmulatedSurroundings _surroundings;
    private readonly Mpu6050Unit _unit;
    private readonly ConversionTime _conversionTime;
    private readonly RegisterMap _registers = new();
    private readonly Mpu6050Sampler _sampler;
    private readonly Mpu6050Converter _converter;
    private readonly Mpu6050Fifo _fifo = new();
    private readonly Mpu6050Interrupt _interrupt = new();
    private readonly EmulatedInterruptLine? _line;
    private readonly byte[] _data = new byte[Mpu6050Converter.Length];
    private int _latchedFifoCount;
    private byte _pointer;
    private TimeSpan _now;
    private TimeSpan _resetEnd;

    internal Mpu6050Chip(EmulatedSurroundings surroundings, Mpu6050Unit unit, EmulatedChipOptions options)
        : base("MPU-6050")
    {
        _surroundings = surroundings;
        _unit = unit;
        _conversionTime = options.ConversionTime;
        _converter = new Mpu6050Converter(unit, surroundings.Ambient);
        _sampler = new Mpu6050Sampler(Sample, options.ConversionTime, surroundings.Slowed);
        _line = EmulatedInterruptLine.Wire(surroundings, options.InterruptPin, Wake);
        DescribeRegisters();
        PowerOnReset();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RegisterDescription> Registers => _registers.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _registers.Cover(Name);

    private bool IsResetting => _now < _resetEnd;

    internal override void PublishLines() => _line?.Tell();

    private protected override bool AcceptWrite(ReadOnlySpan<byte> bytes)
    {
        BringUpToDate();
        if (bytes.IsEmpty) { return true; }

        _pointer = bytes[0];
        byte address = _pointer;
        foreach (byte value in bytes[1..])
        {
            if (!IsResetting) { _registers.Write(address, value); }
            if (address != FifoData) { address++; }
        }

        ShowOnPin();
        return true;
    }

    /// <summary>The chip is brought up to date once, so that a burst shows one sample (section 4.17: the read registers stand still while the bus is busy).</summary>
    private protected override bool AcceptRead(Span<byte> bytes)
    {
        BringUpToDate();
        byte address = _pointer;
        foreach (ref byte value in bytes)
        {
            value = _registers.Read(address);
            if (address != FifoData) { address++; }
        }

        if (_interrupt.IsClearedByAnyRead) { _interrupt.Clear(); }

        ShowOnPin();
        return true;
    }

    internal override void ShowId(byte? id) => _registers.Show(0x75, id);

    private protected override void PowerOnReset()
    {
        _now = _surroundings.Elapsed;
        _resetEnd = _now;
        _pointer = 0;
        ResetRegisters();
    }

    private protected override void PowerLost()
    {
        _line?.Set(null);
        _line?.WakeAt(null);
    }

    private void DescribeRegisters()
    {
        Mpu6050Passive.Describe(_registers, _unit.SelfTestRegisters());
        _registers.Add(SampleRateDivider, "SMPLRT_DIV", onWrite: Retune);
        _registers.Add(Configuration, "CONFIG", writeMask: 0x3F, onWrite: Retune);
        _registers.Add(GyroscopeConfiguration, "GYRO_CONFIG", writeMask: 0xF8, onWrite: Retune);
        _registers.Add(AccelerometerConfiguration, "ACCEL_CONFIG", writeMask: 0xF8, onWrite: Retune);
        _registers.Add(FifoEnable, "FIFO_EN");
        _registers.Add(0x37, "INT_PIN_CFG", writeMask: 0xFE, onWrite: value => _interrupt.Pin = value);
        _registers.Add(0x38, "INT_ENABLE", writeMask: 0x59, onWrite: value => _interrupt.Enabled = value);
        _registers.Add(0x3A, "INT_STATUS", access: RegisterAccess.ReadOnly, onRead: StatusRead);
        _registers.AddBlock(Data, "ACCEL_TEMP_GYRO_OUT", new byte[Mpu6050Converter.Length], offset => _data[offset]);
        _registers.Add(UserControl, "USER_CTRL", writeMask: 0x67, onWrite: ObeyUserControl, onRead: () => (byte)(_registers[UserControl] & 0x60));
        _registers.Add(PowerManagement1, "PWR_MGMT_1", reset: 0x40, writeMask: 0xEF, onWrite: ObeyPowerManagement, onRead: PowerBits);
        _registers.Add(PowerManagement2, "PWR_MGMT_2", onWrite: Retune);
        _registers.Add(0x72, "FIFO_COUNT_H", access: RegisterAccess.ReadOnly, onRead: LatchFifoCount);
        _registers.Add(0x73, "FIFO_COUNT_L", access: RegisterAccess.ReadOnly, onRead: () => (byte)_latchedFifoCount);
        _registers.Add(FifoData, "FIFO_R_W", onWrite: value => _fifo.Push([value]), onRead: _fifo.Pop);
        _registers.Add(0x75, "WHO_AM_I", reset: 0x68, access: RegisterAccess.ReadOnly);
    }

    private void ResetRegisters()
    {
        _registers.Reset();
        _sampler.Stop();
        _fifo.Reset();
        _interrupt.Reset();
        _latchedFifoCount = 0;
        Array.Clear(_data);
        ShowOnPin();
    }

    private void Wake()
    {
        lock (Gate)
        {
            if (IsPowered)
            {
                BringUpToDate();
                ShowOnPin();
            }
        }

        PublishLines();
    }

    private void BringUpToDate()
    {
        _now = _surroundings.Elapsed;
        _sampler.AdvanceTo(_now);
        EndPulse(_now);
    }

    private void Sample(TimeSpan at, Mpu6050Control control, double gyroscopeShare)
    {
        EndPulse(at);
        _converter.Sample(at, control, gyroscopeShare, _data);
        if ((_registers[UserControl] & UserFifoEnable) != 0 && !PushSample()) { _interrupt.Raise(Mpu6050Interrupt.FifoOverflow, at); }

        _interrupt.Raise(Mpu6050Interrupt.DataReady, at);
        _line?.Set(_interrupt.Level());
    }

    /// <summary>In the order of the registers: accelerometer (bit 3), temperature (bit 7), gyroscope X, Y, Z (bits 6 to 4).</summary>
    private bool PushSample()
    {
        int enabled = _registers[FifoEnable];
        bool kept = true;
        if ((enabled & 0x08) != 0) { kept &= _fifo.Push(_data.AsSpan(0, 6)); }

        for (int word = 3; word < 7; word++)
        {
            if ((enabled & (0x80 >> (word - 3))) != 0) { kept &= _fifo.Push(_data.AsSpan(2 * word, 2)); }
        }

        return kept;
    }

    private void EndPulse(TimeSpan now)
    {
        _interrupt.EndPulse(now);
        _line?.Set(_interrupt.Level());
    }

    private void ShowOnPin()
    {
        _line?.Set(_interrupt.Level());
        _line?.WakeAt(_interrupt.PulseEnd ?? (_interrupt.Enabled == 0 ? null : _sampler.Next));
    }

    private void Retune(byte value) => _sampler.Command(
        new Mpu6050Control(
            _registers[SampleRateDivider], _registers[Configuration], _registers[GyroscopeConfiguration], _registers[AccelerometerConfiguration],
            _registers[PowerManagement1], _registers[PowerManagement2]),
        _now);

    /// <summary>The lowest three bits reset FIFO, auxiliary bus and signal paths, and clear themselves.</summary>
    private void ObeyUserControl(byte value)
    {
        if ((value & UserFifoReset) != 0) { _fifo.Clear(); }
        if ((value & UserSignalPathReset) != 0) { Array.Clear(_data); }

        _registers[UserControl] = (byte)(value & 0x60);
    }

    /// <summary>A reset takes 20 ms, at most 100 ms.</summary>
    private void ObeyPowerManagement(byte value)
    {
        if ((value & DeviceReset) == 0)
        {
            Retune(value);
            return;
        }

        ResetRegisters();
        _resetEnd = _now + TimeSpan.FromMilliseconds(_conversionTime.Of(20, 100));
    }

    private byte PowerBits() => (byte)(_registers[PowerManagement1] | (IsResetting ? DeviceReset : 0));

    private byte StatusRead()
    {
        byte status = _interrupt.Status;
        _interrupt.Clear();
        return status;
    }

    /// <summary>Reading the high byte takes the count; the low byte belongs to it.</summary>
    private byte LatchFifoCount()
    {
        _latchedFifoCount = _fifo.Count;
        return (byte)(_latchedFifoCount >> 8);
    }
}
