namespace Node.Sensors.Emulation;

/// <summary>
/// An SHT31 at command level. Refuses its address while it starts, and the read address while it has nothing to tell. A read after a
/// command with clock stretching gives the finished measurement at once: the board's clock does not move while a chip holds SCL low.
/// Source: SHT3x-DIS datasheet version 5, chapter 4; Alert Mode of SHT3x-DIS version 1.
/// </summary>
public sealed class Sht31Chip : EmulatedChip
{
    private readonly EmulatedSurroundings _surroundings;
    private readonly Sht31Alert _alert = new();
    private readonly Sht31Status _status = new();
    private readonly Sht31Measuring _measuring;
    private readonly CommandTable _commands = new();
    private readonly EmulatedLine _alertLine;
    private readonly ITimer? _timer;
    private readonly TimeSpan _startUpTime;
    private readonly TimeSpan _breakTime;
    private TimeSpan _now;
    private TimeSpan _busyUntil;

    internal Sht31Chip(EmulatedSurroundings surroundings, int seed, EmulatedChipOptions options)
        : base("SHT31")
    {
        _surroundings = surroundings;
        _measuring = new Sht31Measuring(
            new Sht31Converter(surroundings.Ambient, surroundings.Noise(seed, options.HasTolerances)), new Sht31Rhythm(options.ConversionTime, surroundings.Slowed),
            _status, _alert);
        _startUpTime = TimeSpan.FromMilliseconds(options.ConversionTime.Of(0.5, 1.5)); // table 4
        _breakTime = TimeSpan.FromMilliseconds(options.ConversionTime.Of(0, 1)); // section 4.8 names the longest; the kernel's driver goes on without a pause
        _alertLine = surroundings.Wire(options.InterruptPin);
        _timer = _alertLine.IsWired ? surroundings.CreateTimer(OnTimer) : null;
        new Sht31Commands(_commands, _measuring, _status, _alert, () => _now).Describe(new Random(seed).Next(), ScheduleNextLook);
        _commands.Add(0x3093, "break", _ => Break(), whileMeasuring: true);
        _commands.Add(0x30A2, "soft reset", _ => PowerOnReset());
        PowerOnReset();
        PublishLines();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CommandDescription> Commands => _commands.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _commands.Cover(Name);

    /// <summary>The ALERT output: high while temperature or humidity is beyond its limits; <see langword="null"/> without supply.</summary>
    public bool? AlertOutput
    {
        get
        {
            lock (Gate)
            {
                if (_alertLine.IsHigh is not null) { BringUpToDate(); }

                return _alertLine.IsHigh;
            }
        }
    }

    internal override void PublishLines() => _alertLine.Publish();

    private protected override bool AcceptWrite(ReadOnlySpan<byte> bytes)
    {
        BringUpToDate();
        if (_now < _busyUntil) { return false; }

        if (bytes.Length >= 2) { Obey((bytes[0] << 8) | bytes[1], bytes[2..]); }

        ShowAlert();
        return true;
    }

    private protected override bool AcceptRead(Span<byte> bytes)
    {
        BringUpToDate();
        if (_now < _busyUntil) { return false; }

        bool answers = _measuring.TryTake(bytes);
        ShowAlert();
        return answers;
    }

    private protected override bool AcceptGeneralCall(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [0x06]) { return false; }

        PowerOnReset();
        return true;
    }

    private protected override void PowerOnReset()
    {
        _now = _surroundings.Elapsed;
        _busyUntil = _now + _startUpTime;
        _measuring.Reset();
        _alert.Reset();
        _status.Reset();
        ShowAlert();
    }

    private protected override void PowerLost()
    {
        _measuring.Stop();
        _alertLine.IsHigh = null;
    }

    /// <summary>What the chip does not process it still acknowledges, and says so in its status word (section 4.11).</summary>
    private void Obey(int code, ReadOnlySpan<byte> rest)
    {
        CommandTable.Command? command = rest.Length % SensirionWord.Length == 0 ? _commands.Find(code, rest.Length / SensirionWord.Length) : null;
        bool allowed = command is not null && (command.Description.WhileMeasuring || !_measuring.IsMeasuring);
        bool intact = SensirionWord.TryDecode(rest, out int[] words);
        bool asksForStatus = code == Sht31Status.Read && allowed; // the question does not change the answer
        if (!asksForStatus) { _status.Remember(allowed, intact); }

        if (!allowed || !intact) { return; }

        _measuring.ForgetAnswer();
        command!.Execute(words);
    }

    private void Break()
    {
        _measuring.Break();
        _busyUntil = _now + _breakTime;
    }

    private void BringUpToDate()
    {
        _now = _surroundings.Elapsed;
        _measuring.AdvanceTo(_now);
        ShowAlert();
    }

    private void ShowAlert() => _alertLine.IsHigh = _alert.Temperature || _alert.Humidity;

    private void OnTimer()
    {
        lock (Gate)
        {
            if (!IsPowered || !_measuring.IsPeriodic) { return; }

            BringUpToDate();
            ScheduleNextLook();
        }

        PublishLines();
    }

    /// <summary>An alert begins and ends without anybody on the bus, so a wired output needs a look at the end of every measurement.</summary>
    private void ScheduleNextLook() => _timer?.Change(_measuring.End - _now, Timeout.InfiniteTimeSpan);
}
