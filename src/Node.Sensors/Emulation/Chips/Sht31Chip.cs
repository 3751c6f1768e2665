namespace Node.Sensors.Emulation;

/// <summary>
/// An SHT31 at command level. Refuses its address while it starts, and the read address while it has nothing to tell. A read after a
/// command with clock stretching gives the finished measurement at once: the board's clock does not move while a chip holds SCL low.
/// Source: SHT3x-DIS datasheet version 5, chapter 4; Alert Mode of SHT3x-DIS version 1.
/// </summary>
public sealed class Sht31Chip : EmulatedChip
{
    private readonly EmulatedSurroundings _surroundings;
    private readonly Sht31Converter _converter;
    private readonly Sht31Rhythm _rhythm;
    private readonly Sht31Alert _alert = new();
    private readonly Sht31Status _status = new();
    private readonly CommandTable _commands = new();
    private readonly EmulatedLine _alertLine;
    private readonly ITimer? _timer;
    private readonly TimeSpan _startUpTime;
    private readonly TimeSpan _breakTime;
    private readonly int _serialNumber;
    private byte[]? _measurement;
    private byte[]? _answer;
    private bool _stretches;
    private TimeSpan _now;
    private TimeSpan _busyUntil;

    internal Sht31Chip(EmulatedSurroundings surroundings, int seed, EmulatedChipOptions options)
        : base("SHT31")
    {
        _surroundings = surroundings;
        _converter = new Sht31Converter(surroundings.Ambient, surroundings.Noise(seed, options.HasTolerances));
        _rhythm = new Sht31Rhythm(options.ConversionTime, surroundings.Slowed);
        _startUpTime = TimeSpan.FromMilliseconds(options.ConversionTime.Of(0.5, 1.5)); // table 4
        _breakTime = TimeSpan.FromMilliseconds(options.ConversionTime.Of(0, 1)); // section 4.8 names the longest; the kernel's driver goes on without a pause
        _serialNumber = new Random(seed).Next();
        _alertLine = surroundings.Wire(options.InterruptPin);
        _timer = _alertLine.IsWired ? surroundings.CreateTimer(OnTimer) : null;
        DescribeCommands();
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

    /// <summary>After the last byte of an answer the data line stays high.</summary>
    private protected override bool AcceptRead(Span<byte> bytes)
    {
        BringUpToDate();
        if (_now < _busyUntil) { return false; }

        if (_rhythm.IsMeasuringOnce && _stretches) { AdvanceTo(_rhythm.End); }

        if (_answer is null) { return false; }

        bytes.Fill(0xFF);
        int length = Math.Min(bytes.Length, _answer.Length);
        _answer.AsSpan(0, length).CopyTo(bytes);
        _answer = null;
        return true;
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
        _rhythm.Stop();
        _alert.Reset();
        _measurement = null;
        _answer = null;
        _status.Reset();
        ShowAlert();
    }

    private protected override void PowerLost()
    {
        _rhythm.Stop();
        _alertLine.IsHigh = null;
    }

    private void DescribeCommands()
    {
        AddMeasurements();
        _commands.Add(0xE000, "fetch data", _ => (_answer, _measurement) = (_measurement, null), responseWords: 2, whileMeasuring: true);
        _commands.Add(0x3093, "break", _ => Break(), whileMeasuring: true);
        _commands.Add(0x30A2, "soft reset", _ => PowerOnReset());
        _commands.Add(0x306D, "heater on", _ => _status.Heater = true);
        _commands.Add(0x3066, "heater off", _ => _status.Heater = false);
        _commands.Add(0xF32D, "read status", _ => _answer = SensirionWord.Encode(_status.Word(_alert)), responseWords: 1, whileMeasuring: true);
        _commands.Add(0x3041, "clear status", _ => ClearStatus(), whileMeasuring: true);
        _commands.Add(0x3780, "read serial number, stretching", _ => TellSerialNumber(), responseWords: 2);
        _commands.Add(0x3682, "read serial number", _ => TellSerialNumber(), responseWords: 2);
        (int Read, int Write, string Name)[] limits =
            [(0xE11F, 0x611D, "high set"), (0xE114, 0x6116, "high clear"), (0xE109, 0x610B, "low clear"), (0xE102, 0x6100, "low set")];
        for (int i = 0; i < limits.Length; i++)
        {
            int limit = i;
            _commands.Add(limits[i].Read, $"read alert limit {limits[i].Name}", _ => _answer = SensirionWord.Encode(_alert[limit]), responseWords: 1);
            _commands.Add(limits[i].Write, $"write alert limit {limits[i].Name}", words => _alert[limit] = words[0], argumentWords: 1);
        }
    }

    private void AddMeasurements()
    {
        foreach ((int code, int repeatability, bool stretches) in Sht31MeasurementCodes.Once)
        {
            _commands.Add(code, "single shot", _ => MeasureOnce(repeatability, stretches), responseWords: 2);
        }

        foreach ((int code, int repeatability, TimeSpan period) in Sht31MeasurementCodes.Periodic)
        {
            _commands.Add(code, "periodic", _ => MeasureAgainAndAgain(repeatability, period));
        }

        _commands.Add(Sht31MeasurementCodes.Accelerated, "periodic with accelerated response time",
            _ => MeasureAgainAndAgain(Sht31MeasurementCodes.High, TimeSpan.FromMilliseconds(250)));
    }

    /// <summary>What the chip does not process it still acknowledges, and says so in its status word (section 4.11).</summary>
    private void Obey(int code, ReadOnlySpan<byte> rest)
    {
        CommandTable.Command? command = rest.Length % SensirionWord.Length == 0 ? _commands.Find(code, rest.Length / SensirionWord.Length) : null;
        bool allowed = command is not null && (command.Description.WhileMeasuring || !(_rhythm.IsPeriodic || _rhythm.IsMeasuringOnce));
        bool intact = SensirionWord.TryDecode(rest, out int[] words);
        bool asksForStatus = code == 0xF32D && allowed; // the question does not change the answer
        if (!asksForStatus) { _status.Remember(allowed, intact); }

        if (!allowed || !intact) { return; }

        _answer = null;
        command!.Execute(words);
    }

    private void MeasureOnce(int repeatability, bool stretches)
    {
        _stretches = stretches;
        _rhythm.StartOnce(_now, repeatability);
    }

    private void MeasureAgainAndAgain(int repeatability, TimeSpan period)
    {
        _measurement = null;
        _rhythm.StartPeriodic(_now, repeatability, period);
        ScheduleNextLook();
    }

    private void Break()
    {
        _rhythm.Stop();
        _measurement = null;
        _busyUntil = _now + _breakTime;
    }

    private void ClearStatus()
    {
        _alert.Clear();
        _status.Clear();
    }

    private void TellSerialNumber() => _answer = SensirionWord.Encode(_serialNumber >> 16, _serialNumber & 0xFFFF);

    private void BringUpToDate()
    {
        _now = _surroundings.Elapsed;
        AdvanceTo(_now);
    }

    private void AdvanceTo(TimeSpan now)
    {
        while (_rhythm.TryFinish(now, out TimeSpan end))
        {
            (int temperature, int humidity) = _converter.Measure(end, _status.Heater, _rhythm.Repeatability);
            byte[] frame = SensirionWord.Encode(temperature, humidity);
            if (_rhythm.IsPeriodic)
            {
                _measurement = frame;
                _alert.Judge(temperature, humidity);
            }
            else
            {
                _answer = frame;
            }
        }

        ShowAlert();
    }

    private void ShowAlert() => _alertLine.IsHigh = _alert.Temperature || _alert.Humidity;

    private void OnTimer()
    {
        lock (Gate)
        {
            if (!IsPowered || !_rhythm.IsPeriodic) { return; }

            BringUpToDate();
            ScheduleNextLook();
        }

        PublishLines();
    }

    /// <summary>An alert begins and ends without anybody on the bus, so a wired output needs a look at the end of every measurement.</summary>
    private void ScheduleNextLook() => _timer?.Change(_rhythm.End - _now, Timeout.InfiniteTimeSpan);
}
