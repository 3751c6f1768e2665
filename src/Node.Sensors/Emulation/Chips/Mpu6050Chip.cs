namespace Node.Sensors.Emulation;

/// <summary>
/// An MPU-6050 at register level: accelerometer, gyroscope, temperature, sample clock, FIFO, motion detection, interrupt output, self-test.
/// Reads and writes run on through the addresses, except at the FIFO's; the register last named stays selected across STOP. After a reset
/// command bit 7 of PWR_MGMT_1 stays set for a while in which writes are lost. Not emulated: frame synchronisation and the auxiliary bus,
/// whose registers only store, and the motion processor, which has none. Source: register map RM-MPU-6000A revision 4.2.
/// </summary>
public sealed class Mpu6050Chip : EmulatedChip
{
    private const byte PowerManagement1 = 0x6B;
    private const byte FifoData = 0x74;
    private const byte DeviceReset = 0x80;

    private readonly EmulatedSurroundings _surroundings;
    private readonly Mpu6050Unit _unit;
    private readonly ConversionTime _conversionTime;
    private readonly RegisterMap _registers = new();
    private readonly Mpu6050Samples _samples;
    private readonly Mpu6050Interrupt _interrupt = new();
    private readonly EmulatedInterruptLine? _line;
    private byte _pointer;
    private TimeSpan _now;
    private TimeSpan _resetEnd;

    internal Mpu6050Chip(EmulatedSurroundings surroundings, Mpu6050Unit unit, EmulatedChipOptions options)
        : base("MPU-6050")
    {
        _surroundings = surroundings;
        _unit = unit;
        _conversionTime = options.ConversionTime;
        _line = EmulatedInterruptLine.Wire(surroundings, options.InterruptPin, Wake);
        _samples = new Mpu6050Samples(_registers, new Mpu6050Converter(unit, surroundings.Ambient), _interrupt, _line, options.ConversionTime, surroundings.Slowed);
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
        _samples.Describe(() => _now);
        _registers.Add(0x37, "INT_PIN_CFG", onWrite: value => _interrupt.Pin = value);
        _registers.Add(0x38, "INT_ENABLE", writeMask: 0xF9, onWrite: value => _interrupt.Enabled = value);
        _registers.Add(0x3A, "INT_STATUS", access: RegisterAccess.ReadOnly, onRead: _interrupt.TakeStatus);
        _registers.Add(PowerManagement1, "PWR_MGMT_1", reset: 0x40, writeMask: 0xEF, onWrite: ObeyPowerManagement, onRead: PowerBits);
        _registers.Add(0x75, "WHO_AM_I", reset: 0x68, access: RegisterAccess.ReadOnly);
    }

    private void ResetRegisters()
    {
        _registers.Reset();
        _samples.Reset();
        _interrupt.Reset();
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
        _samples.AdvanceTo(_now);
    }

    private void ShowOnPin()
    {
        _line?.Set(_interrupt.Level());
        _line?.WakeAt(_interrupt.PulseEnd ?? (_interrupt.Enabled == 0 ? null : _samples.Next));
    }

    /// <summary>A reset takes 20 ms, at most 100 ms.</summary>
    private void ObeyPowerManagement(byte value)
    {
        if ((value & DeviceReset) == 0)
        {
            _samples.Retune(_now);
            return;
        }

        ResetRegisters();
        _resetEnd = _now + TimeSpan.FromMilliseconds(_conversionTime.Of(20, 100));
    }

    private byte PowerBits() => (byte)(_registers[PowerManagement1] | (IsResetting ? DeviceReset : 0));
}
