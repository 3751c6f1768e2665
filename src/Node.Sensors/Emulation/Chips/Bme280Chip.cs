namespace Node.Sensors.Emulation;

/// <summary>
/// A BME280 at register level. Reads run on through the addresses and from 0xFF to 0x00; writes are (register, value) pairs and the last
/// register named stays selected across STOP. Source: BME280 datasheet BST-BME280-DS002, chapters 3, 5 and 6.
/// </summary>
public sealed class Bme280Chip : EmulatedChip
{
    private const byte ControlHumidity = 0xF2;
    private const byte Status = 0xF3;
    private const byte ControlMeasurement = 0xF4;
    private const byte Configuration = 0xF5;
    private const byte ResetCommand = 0xB6;
    private const byte ModeBits = 0x03;

    /// <summary>How long the factory memory is copied after power-on or reset; section 1.1, table 1.</summary>
    private static readonly TimeSpan StartUpTime = TimeSpan.FromMilliseconds(2);

    private readonly EmulatedSurroundings _surroundings;
    private readonly RegisterMap _registers = new();
    private readonly Bme280Sequencer _sequencer;
    private readonly Bme280Converter _converter;
    private readonly byte[] _low;
    private readonly byte[] _high;
    private byte[] _data = [];
    private byte _configurationInForce;
    private byte _pointer;
    private TimeSpan _now;
    private TimeSpan _started;

    internal Bme280Chip(EmulatedSurroundings surroundings, int seed, ConversionTime conversionTime)
        : this(surroundings, Bme280Nvm.Draw(seed), conversionTime)
    {
    }

    internal Bme280Chip(EmulatedSurroundings surroundings, Bme280Nvm nvm, ConversionTime conversionTime)
        : base("BME280")
    {
        _surroundings = surroundings;
        _low = nvm.LowBlock();
        _high = nvm.HighBlock();
        _converter = new Bme280Converter(nvm, surroundings.Ambient);
        _sequencer = new Bme280Sequencer((at, control) => _data = _converter.Measure(at, control), conversionTime, surroundings.Slowed);
        DescribeRegisters();
        PowerOnReset();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RegisterDescription> Registers => _registers.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _registers.Cover(Name);

    private bool IsStarting => _now < _started;

    private protected override bool AcceptWrite(ReadOnlySpan<byte> bytes)
    {
        BringUpToDate();
        for (int i = 0; i < bytes.Length; i += 2)
        {
            _pointer = bytes[i];
            if (i + 1 < bytes.Length) { _registers.Write(_pointer, bytes[i + 1]); }
        }

        return true;
    }

    /// <summary>The chip is brought up to date once, so that a burst shows one measurement (section 4: the data registers are shadowed).</summary>
    private protected override bool AcceptRead(Span<byte> bytes)
    {
        BringUpToDate();
        byte address = _pointer;
        foreach (ref byte value in bytes) { value = _registers.Read(address++); }

        return true;
    }

    internal override void ShowId(byte? id) => _registers.Show(0xD0, id);

    private protected override void PowerOnReset()
    {
        _now = _surroundings.Elapsed;
        _started = _now + StartUpTime;
        _registers.Reset();
        _sequencer.Stop();
        _converter.ForgetFilter();
        _data = Bme280Converter.ResetData.ToArray();
        _configurationInForce = 0;
    }

    private void DescribeRegisters()
    {
        _registers.AddBlock(0x88, "calib_low", _low, offset => IsStarting ? (byte)0 : _low[offset]);
        _registers.Add(0xD0, "id", reset: 0x60, RegisterAccess.ReadOnly);
        _registers.Add(0xE0, "reset", access: RegisterAccess.WriteOnly, onWrite: ResetOnCommand);
        _registers.AddBlock(0xE1, "calib_high", _high, offset => IsStarting ? (byte)0 : _high[offset]);
        _registers.Add(ControlHumidity, "ctrl_hum", writeMask: 0x07);
        _registers.Add(Status, "status", access: RegisterAccess.ReadOnly, onRead: StatusBits);
        _registers.Add(ControlMeasurement, "ctrl_meas", onWrite: Obey, onRead: ControlMeasurementBits);
        _registers.Add(Configuration, "config", writeMask: 0xFD, onWrite: Configure);
        _registers.AddBlock(0xF7, "data", Bme280Converter.ResetData, offset => _data[offset]);
    }

    private void BringUpToDate()
    {
        _now = _surroundings.Elapsed;
        _sequencer.AdvanceTo(_now);
    }

    private void ResetOnCommand(byte value)
    {
        if (value == ResetCommand) { PowerOnReset(); }
    }

    private byte StatusBits() => (byte)((_sequencer.IsMeasuring(_now) ? 0x08 : 0) | (IsStarting ? 0x01 : 0));

    /// <summary>The mode bits show the mode in force: back at sleep when a forced measurement has ended.</summary>
    private byte ControlMeasurementBits()
    {
        int mode = _sequencer.Mode switch
        {
            Bme280Mode.Normal => 3,
            Bme280Mode.Forced => 1,
            _ => 0,
        };
        return (byte)((_registers[ControlMeasurement] & ~ModeBits) | mode);
    }

    /// <summary>A write of ctrl_meas is also the moment when ctrl_hum takes effect (section 5.4.3).</summary>
    private void Obey(byte value)
    {
        Bme280Mode mode = (value & ModeBits) switch
        {
            0 => Bme280Mode.Sleep,
            3 => Bme280Mode.Normal,
            _ => Bme280Mode.Forced,
        };
        _sequencer.Command(mode, Bme280Control.Decode(_registers[ControlHumidity], value, _registers[Configuration]), _now);
    }

    /// <summary>In normal mode a write may be ignored (section 5.4.6); this chip is the strict kind that always ignores it.</summary>
    private void Configure(byte value)
    {
        if (_sequencer.Mode == Bme280Mode.Normal) { _registers[Configuration] = _configurationInForce; }
        else { _configurationInForce = value; }
    }
}
