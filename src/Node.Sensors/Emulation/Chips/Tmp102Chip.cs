using System.Buffers.Binary;

namespace Node.Sensors.Emulation;

/// <summary>
/// A TMP102 at register level: four words, a pointer that outlives STOP, continuous conversions and one-shots. A register changes only when
/// both bytes were sent; a longer read repeats the word. The general call 0x06 resets. Extended mode widens temperature and limits from 12
/// to 13 bits. The ALERT output is an open drain. Source: TMP102 datasheet SBOS397, sections 6.5 and 7.
/// </summary>
public sealed class Tmp102Chip : EmulatedChip
{
    private const byte Temperature = 0;
    private const byte Configuration = 1;
    private const byte LowLimit = 2;
    private const byte HighLimit = 3;
    private const byte PointerBits = 0x03;
    private const byte GeneralCallReset = 0x06;
    private const ushort OneShot = 0x8000;
    private const ushort ActiveHigh = 0x0400;
    private const ushort Interrupt = 0x0200;
    private const ushort Shutdown = 0x0100;
    private const ushort AlertBit = 0x0020;
    private const ushort Extended = 0x0010;
    private const double CountsPerDegree = 16;

    private readonly EmulatedSurroundings _surroundings;
    private readonly WordRegisterMap _registers = new();
    private readonly Tmp102Alert _alert = new();
    private readonly EmulatedInterruptLine? _line;
    private readonly Tmp102Sequencer _sequencer;
    private byte _pointer;

    internal Tmp102Chip(EmulatedSurroundings surroundings, EmulatedChipOptions options)
        : base("TMP102")
    {
        _surroundings = surroundings;
        _sequencer = new Tmp102Sequencer(TimeSpan.FromMilliseconds(options.ConversionTime == ConversionTime.Maximum ? 35 : 26));
        _registers.Add(Temperature, "Temperature", reset: 0x0000, RegisterAccess.ReadOnly);
        _registers.Add(Configuration, "Configuration", reset: 0x60A0, writeMask: 0x1FD0, onWrite: Command, onRead: ConfigurationWord);
        _registers.Add(LowLimit, "T_LOW", reset: 0x4B00, writeMask: 0xFFF0, onWrite: word => KeepThirteenBits(LowLimit, word));
        _registers.Add(HighLimit, "T_HIGH", reset: 0x5000, writeMask: 0xFFF0, onWrite: word => KeepThirteenBits(HighLimit, word));
        _line = EmulatedInterruptLine.Wire(surroundings, options.InterruptPin, Wake);
        PowerOnReset();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RegisterDescription> Registers => _registers.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _registers.Cover(Name);

    private bool IsShutDown => Has(Shutdown);

    private bool IsInterrupt => Has(Interrupt);

    /// <summary>One conversion in every quarter second, second, four seconds or eighth of one; CR1 and CR0, table 8.</summary>
    private TimeSpan Period => TimeSpan.FromMilliseconds(((_registers[Configuration] >> 6) & 3) switch { 0 => 4000, 1 => 1000, 2 => 250, _ => 125 });

    internal override void PublishLines() => _line?.Tell();

    /// <summary>An asserted output that works as an interrupt answers, and is let go of.</summary>
    private protected override bool AcceptAlertResponse()
    {
        BringUpToDate();
        if (!_alert.IsAsserted) { return false; }

        _alert.Acknowledge(IsInterrupt);
        ShowOnPin();
        return true;
    }

    private protected override bool AcceptGeneralCall(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [GeneralCallReset]) { return false; }

        PowerOnReset();
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

        _alert.Acknowledge(IsInterrupt);
        ShowOnPin();
        return true;
    }

    private protected override void PowerOnReset()
    {
        _registers.Reset();
        _alert.Reset();
        _pointer = Temperature;
        _sequencer.Start(_surroundings.Elapsed);
        ShowOnPin();
    }

    private protected override void PowerLost()
    {
        _line?.Set(null);
        _line?.WakeAt(null);
    }

    private bool Has(ushort bit) => (_registers[Configuration] & bit) != 0;

    /// <summary>In normal mode the lowest nibble is not there.</summary>
    private void KeepThirteenBits(byte limit, ushort word) => _registers[limit] = (ushort)(word & (Has(Extended) ? 0xFFF8 : 0xFFF0));

    private void Command(ushort word)
    {
        _sequencer.Command(_surroundings.Elapsed, IsShutDown, (word & OneShot) != 0);
        if (IsShutDown) { _alert.Acknowledge(IsInterrupt); }
    }

    /// <summary>OS reads 1 once a one-shot has ended, and 0 while conversions run. AL has the level that the output would have as a comparator.</summary>
    private ushort ConfigurationWord()
    {
        int oneShot = IsShutDown && _sequencer.Next is null ? OneShot : 0;
        int alert = _alert.IsHot == Has(ActiveHigh) ? AlertBit : 0;
        return (ushort)((_registers[Configuration] & ~AlertBit) | oneShot | alert);
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
        while (_sequencer.TryFinish(_surroundings.Elapsed, IsShutDown, Period, out TimeSpan end)) { Convert(end); }
    }

    private void Convert(TimeSpan at)
    {
        double counts = Math.Round(_surroundings.Ambient.TemperatureCelsius.At(at) * CountsPerDegree);
        bool extended = Has(Extended);
        int half = extended ? 4096 : 2048;
        int held = (int)Math.Clamp(counts, -half, half - 1);
        int shift = extended ? 3 : 4;
        _registers[Temperature] = (ushort)((held << shift) | (extended ? 1 : 0)); // bit 0 says which format it is: table 7
        _alert.Judge(held, (short)_registers[LowLimit] >> shift, (short)_registers[HighLimit] >> shift, (_registers[Configuration] >> 11) & 3, IsInterrupt);
        DriveLine();
    }

    private void ShowOnPin()
    {
        DriveLine();
        _line?.WakeAt(_sequencer.Next);
    }

    /// <summary>Active low it pulls when asserted, active high when not.</summary>
    private void DriveLine() => _line?.Set(_alert.IsAsserted != Has(ActiveHigh) ? false : null);
}
