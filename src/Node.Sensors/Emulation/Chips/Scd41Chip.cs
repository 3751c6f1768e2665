namespace Node.Sensors.Emulation;

/// <summary>
/// An SCD41 at command level. It acknowledges nothing while a command has its time, while it starts and while it sleeps, and refuses the
/// read address while it has nothing to tell. Source: SCD4x datasheet version 1.4, chapter 3. Self-calibration itself, which takes days, is
/// not emulated.
/// </summary>
public sealed class Scd41Chip : EmulatedChip
{
    private const int WakeUp = 0x36F6;

    private readonly EmulatedSurroundings _surroundings;
    private readonly CommandTable _table = new();
    private readonly Scd41Measuring _measuring;
    private readonly Scd41Reply _reply;
    private readonly Scd41Commands _commands;
    private readonly int _startUpMilliseconds;
    private bool _sleeps;
    private bool _acknowledgesForbidden;
    private int _forbidden;
    private TimeSpan _now;

    internal Scd41Chip(EmulatedSurroundings surroundings, int seed, EmulatedChipOptions options)
        : base("SCD41")
    {
        _surroundings = surroundings;
        _startUpMilliseconds = (int)options.ConversionTime.Of(20, 30);
        _measuring = new Scd41Measuring(new Scd41Converter(surroundings.Ambient, surroundings.Noise(seed, options.HasTolerances)), surroundings.Slowed);
        _reply = new Scd41Reply(options.ConversionTime);
        _commands = new Scd41Commands(_table, _measuring, _reply, () => _now);
        Random random = new(seed);
        _commands.Describe(_startUpMilliseconds, [random.Next(1, 0x10000), random.Next(0x10000), random.Next(0x10000)], () => _sleeps = true);
        _table.Add(WakeUp, "wake up", _ => Wake());
        PowerOnReset();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CommandDescription> Commands => _table.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _table.Cover(Name);

    /// <summary>
    /// Whether a command that the present state forbids is acknowledged, and then ignored. Default <see langword="false"/>: not
    /// acknowledged. The datasheet does not say which.
    /// </summary>
    public bool AcknowledgesForbiddenCommands
    {
        get
        {
            lock (Gate) { return _acknowledgesForbidden; }
        }

        set
        {
            lock (Gate) { _acknowledgesForbidden = value; }
        }
    }

    /// <summary>How many commands came that the state of their moment forbade, or that nobody knows.</summary>
    public int ForbiddenCommands
    {
        get
        {
            lock (Gate) { return _forbidden; }
        }
    }

    private protected override bool AcceptWrite(ReadOnlySpan<byte> bytes)
    {
        BringUpToDate();
        if (_sleeps || _reply.IsBusy(_now)) { return WakeIfAsked(bytes); }

        if (bytes.Length < 2) { return true; }

        int code = (bytes[0] << 8) | bytes[1];
        return code != WakeUp && Obey(code, bytes[2..]);
    }

    private protected override bool AcceptRead(Span<byte> bytes)
    {
        BringUpToDate();
        return !_sleeps && !_reply.IsBusy(_now) && _reply.TryTake(bytes);
    }

    private protected override void PowerOnReset()
    {
        _now = _surroundings.Elapsed;
        _measuring.ForgetRhythm();
        _commands.LoadSettings();
        Wake();
    }

    private bool Obey(int code, ReadOnlySpan<byte> rest)
    {
        CommandTable.Command? command = rest.Length % SensirionWord.Length == 0 ? _table.Find(code, rest.Length / SensirionWord.Length) : null;
        if (command is null || (_measuring.IsPeriodic && !command.Description.WhileMeasuring))
        {
            _forbidden++;
            return _acknowledgesForbidden;
        }

        if (SensirionWord.TryDecode(rest, out int[] words)) // an argument with a wrong checksum is ignored: section 3.3
        {
            _reply.Forget();
            command.Execute(words);
        }

        return true;
    }

    /// <summary>Never acknowledged, and obeyed only by a sleeping chip; section 3.10.4.</summary>
    private bool WakeIfAsked(ReadOnlySpan<byte> bytes)
    {
        if (_sleeps && bytes is [WakeUp >> 8, WakeUp & 0xFF]) { _table.Find(WakeUp, 0)?.Execute([]); }

        return false;
    }

    private void Wake()
    {
        _sleeps = false;
        _measuring.BeFresh();
        _reply.Occupy(_now, _startUpMilliseconds);
    }

    private void BringUpToDate()
    {
        _now = _surroundings.Elapsed;
        _measuring.AdvanceTo(_now);
    }
}
