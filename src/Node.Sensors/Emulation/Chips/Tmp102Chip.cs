using System.Buffers.Binary;

namespace Node.Sensors.Emulation;

/// <summary>
/// A TMP102 at register level: four words, a pointer that outlives STOP, continuous conversions and one-shots. A register changes only when
/// both bytes were sent; a longer read repeats the word. The general call 0x06 resets. Not emulated: extended mode and the ALERT output.
/// Source: TMP102 datasheet SBOS397, sections 6.5 and 7.
/// </summary>
public sealed class Tmp102Chip : EmulatedChip
{
    private const byte Temperature = 0;
    private const byte Configuration = 1;
    private const byte PointerBits = 0x03;
    private const byte GeneralCallReset = 0x06;
    private const ushort OneShot = 0x8000;
    private const ushort Shutdown = 0x0100;
    private const double CountsPerDegree = 16;

    private readonly EmulatedSurroundings _surroundings;
    private readonly WordRegisterMap _registers = new();
    private readonly TimeSpan _conversionTime;
    private TimeSpan? _end;
    private byte _pointer;

    internal Tmp102Chip(EmulatedSurroundings surroundings, EmulatedChipOptions options)
        : base("TMP102")
    {
        _surroundings = surroundings;
        _conversionTime = TimeSpan.FromMilliseconds(options.ConversionTime == ConversionTime.Maximum ? 35 : 26);
        _registers.Add(Temperature, "Temperature", reset: 0x0000, RegisterAccess.ReadOnly);
        _registers.Add(Configuration, "Configuration", reset: 0x60A0, writeMask: 0x1FD0, onWrite: Command, onRead: ConfigurationWord);
        _registers.Add(2, "T_LOW", reset: 0x4B00, writeMask: 0xFFF0);
        _registers.Add(3, "T_HIGH", reset: 0x5000, writeMask: 0xFFF0);
        PowerOnReset();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RegisterDescription> Registers => _registers.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _registers.Cover(Name);

    private bool IsShutDown => (_registers[Configuration] & Shutdown) != 0;

    /// <summary>One conversion in every quarter second, second, four seconds or eighth of one; CR1 and CR0, table 8.</summary>
    private TimeSpan Period => TimeSpan.FromMilliseconds(((_registers[Configuration] >> 6) & 3) switch { 0 => 4000, 1 => 1000, 2 => 250, _ => 125 });

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

        return true;
    }

    private protected override bool AcceptRead(Span<byte> bytes)
    {
        BringUpToDate();
        ushort word = _registers.Read(_pointer);
        for (int i = 0; i < bytes.Length; i++) { bytes[i] = (byte)((i & 1) == 0 ? word >> 8 : word); }

        return true;
    }

    private protected override void PowerOnReset()
    {
        _registers.Reset();
        _pointer = Temperature;
        _end = _surroundings.Elapsed + _conversionTime;
    }

    private void Command(ushort word)
    {
        TimeSpan now = _surroundings.Elapsed;
        if (IsShutDown && now < _end - _conversionTime) { _end = null; } // between two conversions: the next one is off
        if (!IsShutDown || (word & OneShot) != 0) { _end ??= now + _conversionTime; }
    }

    /// <summary>OS reads 1 once a one-shot has ended, and 0 while conversions run.</summary>
    private ushort ConfigurationWord() => (ushort)(_registers[Configuration] | (IsShutDown && _end is null ? OneShot : 0));

    /// <summary>A conversion that was under way at shutdown is finished; of unseen continuous ones only the last counts.</summary>
    private void BringUpToDate()
    {
        TimeSpan now = _surroundings.Elapsed;
        if (_end is not { } end || now < end) { return; }

        if (IsShutDown) { _end = null; }
        else
        {
            end += Period * ((now - end).Ticks / Period.Ticks);
            _end = end + Period;
        }

        double counts = Math.Round(_surroundings.Ambient.TemperatureCelsius.At(end) * CountsPerDegree);
        _registers[Temperature] = (ushort)((int)Math.Clamp(counts, -2048, 2047) << 4);
    }
}
