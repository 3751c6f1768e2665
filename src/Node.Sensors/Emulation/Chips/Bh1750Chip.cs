namespace Node.Sensors.Emulation;

/// <summary>
/// A BH1750FVI at opcode level. It always acknowledges: a read before the end of a measurement gives the old content of the data register.
/// Of a transaction only the first byte is obeyed. Source: BH1750FVI technical note 2009.04 revision B.
/// </summary>
public sealed class Bh1750Chip : EmulatedChip
{
    private const int DefaultMeasurementTime = 69;
    private const int ShortestMeasurementTime = 31;
    private const int LongestMeasurementTime = 254;

    private readonly EmulatedSurroundings _surroundings;
    private readonly Bh1750Converter _converter;
    private readonly CommandTable _commands = new();
    private readonly ConversionTime _conversionTime;
    private Run? _run;
    private bool _isOn;
    private int _measurementTime;
    private int _data;
    private TimeSpan _now;

    internal Bh1750Chip(EmulatedSurroundings surroundings, int seed, EmulatedChipOptions options)
        : base("BH1750")
    {
        _surroundings = surroundings;
        _conversionTime = options.ConversionTime;
        _converter = new Bh1750Converter(surroundings.Ambient, surroundings.Noise(seed, options.HasTolerances));
        DescribeCommands();
        PowerOnReset();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CommandDescription> Commands => _commands.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _commands.Cover(Name);

    /// <summary>What this unit counts for a lux in H-resolution mode at the default measurement time; 1.2 for an ideal one.</summary>
    public double CountsPerLux => _converter.CountsPerLux;

    private protected override bool AcceptWrite(ReadOnlySpan<byte> bytes)
    {
        BringUpToDate();
        if (!bytes.IsEmpty) { _commands.Find(bytes[0], 0)?.Execute([]); }

        return true;
    }

    private protected override bool AcceptRead(Span<byte> bytes)
    {
        BringUpToDate();
        bytes.Fill(0xFF);
        bytes[0] = (byte)(_data >> 8);
        if (bytes.Length > 1) { bytes[1] = (byte)_data; }

        return true;
    }

    private protected override void PowerOnReset()
    {
        _now = _surroundings.Elapsed;
        _run = null;
        _isOn = false;
        _measurementTime = DefaultMeasurementTime;
        _data = 0;
    }

    /// <summary>Instruction set architecture. A measurement opcode switches the chip on by itself.</summary>
    private void DescribeCommands()
    {
        _commands.Add(0x00, "power down", _ => PowerDown());
        _commands.Add(0x01, "power on", _ => _isOn = true, whileMeasuring: true);
        _commands.Add(0x07, "reset", _ => _data = _isOn ? 0 : _data, whileMeasuring: true);
        (int Bits, Bh1750Mode Mode)[] modes = [(0, Bh1750Mode.High), (1, Bh1750Mode.High2), (3, Bh1750Mode.Low)];
        foreach ((int bits, Bh1750Mode mode) in modes)
        {
            _commands.Add(0x10 | bits, "continuous measurement", _ => Begin(mode, once: false), whileMeasuring: true);
            _commands.Add(0x20 | bits, "one-time measurement", _ => Begin(mode, once: true), whileMeasuring: true);
        }

        for (int bits = 0; bits < 8; bits++)
        {
            int high = bits << 5;
            _commands.Add(0x40 | bits, "measurement time, high bits", _ => SetMeasurementTime(high | (_measurementTime & 0x1F)), whileMeasuring: true);
        }

        for (int bits = 0; bits < 32; bits++)
        {
            int low = bits;
            _commands.Add(0x60 | bits, "measurement time, low bits", _ => SetMeasurementTime((_measurementTime & 0xE0) | low), whileMeasuring: true);
        }
    }

    private void PowerDown()
    {
        _isOn = false;
        _run = null;
    }

    /// <summary>The register takes any value, since its two halves come one after the other; the converter holds it in its range. A running measurement keeps its time.</summary>
    private void SetMeasurementTime(int value) => _measurementTime = value;

    private void Begin(Bh1750Mode mode, bool once)
    {
        _isOn = true;
        _run = Start(mode, once, _now);
    }

    private Run Start(Bh1750Mode mode, bool once, TimeSpan begin)
    {
        int time = Math.Clamp(_measurementTime, ShortestMeasurementTime, LongestMeasurementTime);
        return new Run(mode, once, time, begin + Duration(mode, time));
    }

    private TimeSpan Duration(Bh1750Mode mode, int measurementTime)
    {
        (int typical, int longest) = mode == Bh1750Mode.Low ? (16, 24) : (120, 180); // milliseconds at the default measurement time
        double milliseconds = _conversionTime.Of(typical, longest);
        return _surroundings.Slowed(TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond * measurementTime / DefaultMeasurementTime)));
    }

    /// <summary>Nothing runs by itself: each look finishes what has ended. Only the last of many unseen measurements matters.</summary>
    private void BringUpToDate()
    {
        _now = _surroundings.Elapsed;
        if (_run is not { } run || _now < run.End) { return; }

        if (run.Once)
        {
            _data = _converter.Measure(run.End, run.Mode, run.MeasurementTime);
            PowerDown();
            return;
        }

        Run next = Start(run.Mode, once: false, run.End);
        TimeSpan period = next.End - run.End;
        long more = (_now - run.End).Ticks / period.Ticks;
        TimeSpan last = run.End + (period * more);
        _data = _converter.Measure(last, run.Mode, more == 0 ? run.MeasurementTime : next.MeasurementTime);
        _run = next with { End = last + period };
    }

    private sealed record Run(Bh1750Mode Mode, bool Once, int MeasurementTime, TimeSpan End);
}
