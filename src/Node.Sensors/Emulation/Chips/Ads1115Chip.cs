using System.Buffers.Binary;

namespace Node.Sensors.Emulation;

/// <summary>
/// An ADS1115 at register level: four words, a pointer that outlives STOP, single-shot and continuous conversions, and the ALERT/RDY output
/// as comparator or as conversion-ready line. A register changes only when both bytes were sent; a longer read repeats the word. The
/// general call 0x06 resets; a latched alert answers the SMBus alert response. Source: ADS1115 datasheet SBAS444.
/// </summary>
public sealed class Ads1115Chip : EmulatedChip
{
    private const byte Conversion = 0;
    private const byte Config = 1;
    private const byte LowThreshold = 2;
    private const byte HighThreshold = 3;
    private const byte PointerBits = 0x03;
    private const ushort OperationalStatus = 0x8000;
    private const byte GeneralCallReset = 0x06;

    /// <summary>How long the conversion-ready line is asserted in continuous mode; the datasheet says about 8 µs.</summary>
    private static readonly TimeSpan ReadyPulse = TimeSpan.FromMicroseconds(8);

    private readonly EmulatedSurroundings _surroundings;
    private readonly WordRegisterMap _registers = new();
    private readonly Ads1115Sequencer _sequencer;
    private readonly Ads1115Converter _converter;
    private readonly Ads1115Comparator _comparator = new();
    private readonly EmulatedInterruptLine? _line;
    private byte _pointer;
    private TimeSpan _now;
    private TimeSpan? _pulseEnd;

    internal Ads1115Chip(EmulatedSurroundings surroundings, int seed, EmulatedChipOptions options)
        : base("ADS1115")
    {
        _surroundings = surroundings;
        _converter = new Ads1115Converter(surroundings.Ambient, seed, options.HasTolerances);
        _sequencer = new Ads1115Sequencer(Finish, options.ConversionTime, surroundings.Slowed);
        _line = EmulatedInterruptLine.Wire(surroundings, options.InterruptPin, Wake);
        DescribeRegisters();
        PowerOnReset();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RegisterDescription> Registers => _registers.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _registers.Cover(Name);

    private Ads1115Control Control => new(_registers[Config]);

    /// <summary>Highest bits of the thresholds crossed over: the pin tells of ended conversions instead of comparing.</summary>
    private bool IsReadyLine => (short)_registers[HighThreshold] < 0 && (short)_registers[LowThreshold] >= 0;

    internal override void PublishLines() => _line?.Tell();

    private protected override bool AcceptGeneralCall(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [GeneralCallReset]) { return false; }

        PowerOnReset();
        return true;
    }

    private protected override bool AcceptAlertResponse()
    {
        BringUpToDate();
        if (!_comparator.IsAsserted || !Control.IsLatching || IsReadyLine) { return false; }

        _comparator.Reset();
        ShowOnPin();
        return true;
    }

    private protected override bool AcceptWrite(ReadOnlySpan<byte> bytes)
    {
        BringUpToDate();
        if (bytes.IsEmpty) { return true; }

        _pointer = (byte)(bytes[0] & PointerBits);
        if (bytes.Length >= 3) { _registers.Write(_pointer, BinaryPrimitives.ReadUInt16BigEndian(bytes[1..])); }

        ShowOnPin();
        return true;
    }

    private protected override bool AcceptRead(Span<byte> bytes)
    {
        BringUpToDate();
        ushort word = _registers.Read(_pointer);
        for (int i = 0; i < bytes.Length; i++) { bytes[i] = (byte)((i & 1) == 0 ? word >> 8 : word); }

        if (_pointer == Conversion) { _comparator.ConversionWasRead(Control); }

        ShowOnPin();
        return true;
    }

    private protected override void PowerOnReset()
    {
        _now = _surroundings.Elapsed;
        _registers.Reset();
        _sequencer.Stop();
        _comparator.Reset();
        _pointer = Conversion;
        _pulseEnd = null;
        ShowOnPin();
    }

    private protected override void PowerLost()
    {
        _line?.Set(null);
        _line?.WakeAt(null);
    }

    private void DescribeRegisters()
    {
        _registers.Add(Conversion, "Conversion", reset: 0x0000, RegisterAccess.ReadOnly);
        _registers.Add(Config, "Config", reset: 0x8583, writeMask: 0x7FFF, onWrite: word => _sequencer.Command(new Ads1115Control(word), _now), onRead: ConfigWord);
        _registers.Add(LowThreshold, "Lo_thresh", reset: 0x8000);
        _registers.Add(HighThreshold, "Hi_thresh", reset: 0x7FFF);
    }

    /// <summary>Bit 15 reads 1 while no conversion runs, so in continuous mode never.</summary>
    private ushort ConfigWord() => (ushort)((_registers[Config] & ~OperationalStatus) | (_sequencer.IsConverting ? 0 : OperationalStatus));

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
        _sequencer.AdvanceTo(_now);
        EndPulse(_now);
    }

    private void Finish(TimeSpan begin, TimeSpan end, Ads1115Control control)
    {
        EndPulse(end);
        short code = _converter.Convert(begin, end, control);
        _registers[Conversion] = (ushort)code;
        if (!IsReadyLine) { _comparator.Judge(code, control, (short)_registers[LowThreshold], (short)_registers[HighThreshold]); }
        else if (control.IsContinuous) { _pulseEnd = end + ReadyPulse; }

        DriveLine();
    }

    private void EndPulse(TimeSpan now)
    {
        if (_pulseEnd is { } end && now >= end)
        {
            _pulseEnd = null;
            DriveLine();
        }
    }

    private void ShowOnPin()
    {
        DriveLine();
        _line?.WakeAt(_pulseEnd ?? _sequencer.NextEnd);
    }

    /// <summary>An open drain: it pulls low or lets go. Active low it pulls when asserted, active high when not.</summary>
    private void DriveLine()
    {
        bool asserted = !IsReadyLine ? _comparator.IsAsserted : Control.IsContinuous ? _pulseEnd is not null : !_sequencer.IsConverting;
        bool pulls = Control.Queue is not null && asserted != Control.IsActiveHigh;
        _line?.Set(pulls ? false : null);
    }
}
