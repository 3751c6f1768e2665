namespace Node.Sensors.Emulation;

/// <summary>
/// An SCD41 at command level. It acknowledges nothing while a command has its time, while it starts and while it sleeps, and refuses the
/// read address while it has nothing to tell. Source: SCD4x datasheet version 1.4, chapter 3; three settings of version 1.5, without which
/// the vendor's newer drivers fail. Self-calibration itself, which takes days, is not emulated.
/// </summary>
public sealed class Scd41Chip : EmulatedChip
{
    private const int WakeUp = 0x36F6;

    /// <summary>What the first single shot after power-up shows of the truth: it "should be discarded" (section 3.10.1), so this one deserves it.</summary>
    private const double FirstShotShare = 0.85;

    private static readonly TimeSpan TimeBeforeRecalibration = TimeSpan.FromMinutes(3); // section 3.7.1

    private readonly EmulatedSurroundings _surroundings;
    private readonly Scd41Converter _converter;
    private readonly Scd41Rhythm _rhythm = new();
    private readonly CommandTable _commands = new();
    private readonly ConversionTime _conversionTime;
    private readonly int[] _serialNumber;
    private readonly int _startUpMilliseconds;
    private Scd41Memory _stored = Scd41Memory.Factory;
    private Scd41Memory _inForce = Scd41Memory.Factory;
    private double _correctionPpm;
    private byte[]? _measurement;
    private byte[]? _answer;
    private (TimeSpan End, bool ClimateOnly)? _singleShot;
    private bool _isFresh;
    private bool _sleeps;
    private bool _acknowledgesForbidden;
    private int _forbidden;
    private TimeSpan _now;
    private TimeSpan _busyUntil;

    internal Scd41Chip(EmulatedSurroundings surroundings, int seed, EmulatedChipOptions options)
        : base("SCD41")
    {
        _surroundings = surroundings;
        _converter = new Scd41Converter(surroundings.Ambient, surroundings.Noise(seed, options.HasTolerances));
        _conversionTime = options.ConversionTime;
        _startUpMilliseconds = (int)options.ConversionTime.Of(20, 30);
        Random random = new(seed);
        _serialNumber = [random.Next(1, 0x10000), random.Next(0x10000), random.Next(0x10000)];
        DescribeCommands();
        PowerOnReset();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CommandDescription> Commands => _commands.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _commands.Cover(Name);

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
        if (_sleeps || _now < _busyUntil) { return WakeIfAsked(bytes); }

        if (bytes.Length < 2) { return true; }

        int code = (bytes[0] << 8) | bytes[1];
        return code != WakeUp && Obey(code, bytes[2..]);
    }

    /// <summary>After the last byte of an answer the data line stays high.</summary>
    private protected override bool AcceptRead(Span<byte> bytes)
    {
        BringUpToDate();
        if (_sleeps || _now < _busyUntil || _answer is null) { return false; }

        bytes.Fill(0xFF);
        int length = Math.Min(bytes.Length, _answer.Length);
        _answer.AsSpan(0, length).CopyTo(bytes);
        _answer = null;
        return true;
    }

    private protected override void PowerOnReset()
    {
        _now = _surroundings.Elapsed;
        _sleeps = false;
        _isFresh = true;
        _rhythm.Forget();
        LoadSettings();
        Occupy(_startUpMilliseconds);
    }

    /// <summary>Table 9: codes, times, and what is allowed during periodic measurement.</summary>
    private void DescribeCommands()
    {
        Do(0x21B1, "start periodic measurement", 0, () => _rhythm.Start(_now, _surroundings.Slowed(TimeSpan.FromSeconds(5))));
        Do(0x21AC, "start low power periodic measurement", 0, () => _rhythm.Start(_now, _surroundings.Slowed(TimeSpan.FromSeconds(30))));
        Do(0x3F86, "stop periodic measurement", 500, () => _rhythm.Stop(_now), whileMeasuring: true);
        Do(0x219D, "measure single shot", 5000, () => _singleShot = (_now + _surroundings.Slowed(TimeSpan.FromSeconds(5)), false));
        Do(0x2196, "measure single shot, humidity and temperature only", 50, () => _singleShot = (_now + _surroundings.Slowed(TimeSpan.FromMilliseconds(50)), true));
        Do(0x3615, "persist settings", 800, () => _stored = _inForce with { Pressure = null });
        Do(0x3632, "perform factory reset", 1200, ResetToFactory);
        Do(0x3646, "reinit", _startUpMilliseconds, LoadSettings);
        Do(0x36E0, "power down", 1, () => _sleeps = true);
        Tell(0xEC05, "read measurement", 1, () => (_answer, _measurement) = (_measurement, null), words: 3, whileMeasuring: true);
        Tell(0xE4B8, "get data ready status", 1, () => Answer(_measurement is null ? 0x8000 : 0x8006), whileMeasuring: true);
        Tell(0x3682, "get serial number", 1, () => Answer(_serialNumber), words: 3);
        Tell(0x202F, "get sensor variant", 1, () => Answer(0x1440));
        Tell(0x3639, "perform self test", 10_000, () => Answer(0));
        Setting(0x2318, 0x241D, "temperature offset", () => _inForce.TemperatureOffset, word => _inForce = _inForce with { TemperatureOffset = word });
        Setting(0x2322, 0x2427, "sensor altitude", () => _inForce.Altitude, word => _inForce = _inForce with { Altitude = word });
        Setting(0x2313, 0x2416, "automatic self calibration enabled", () => _inForce.SelfCalibration, word => _inForce = _inForce with { SelfCalibration = word });
        Setting(0x233F, 0x243A, "automatic self calibration target", () => _inForce.CalibrationTarget, word => _inForce = _inForce with { CalibrationTarget = word });
        Setting(0x2340, 0x2445, "automatic self calibration initial period", () => _inForce.InitialPeriod, word => _inForce = _inForce with { InitialPeriod = word });
        Setting(0x234B, 0x244E, "automatic self calibration standard period", () => _inForce.StandardPeriod, word => _inForce = _inForce with { StandardPeriod = word });
        Setting(0xE000, 0xE000, "ambient pressure", () => _inForce.ShownPressure, word => _inForce = _inForce with { Pressure = word }, whileMeasuring: true);
        _commands.Add(0x362F, "perform forced recalibration", words => Recalibrate(words[0]), argumentWords: 1, responseWords: 1);
        _commands.Add(WakeUp, "wake up", _ => Wake());
    }

    private void Do(int code, string name, int milliseconds, Action execute, bool whileMeasuring = false) =>
        Tell(code, name, milliseconds, execute, words: 0, whileMeasuring);

    private void Tell(int code, string name, int milliseconds, Action execute, int words = 1, bool whileMeasuring = false) => _commands.Add(code, name, _ =>
    {
        execute();
        Occupy(milliseconds);
    }, argumentWords: 0, words, whileMeasuring);

    private void Setting(int get, int set, string name, Func<int> read, Action<int> write, bool whileMeasuring = false)
    {
        Tell(get, $"get {name}", 1, () => Answer(read()), words: 1, whileMeasuring);
        _commands.Add(set, $"set {name}", words =>
        {
            write(words[0]);
            Occupy(1);
        }, argumentWords: 1, whileMeasuring: whileMeasuring);
    }

    private bool Obey(int code, ReadOnlySpan<byte> rest)
    {
        CommandTable.Command? command = rest.Length % SensirionWord.Length == 0 ? _commands.Find(code, rest.Length / SensirionWord.Length) : null;
        if (command is null || (_rhythm.IsRunning && !command.Description.WhileMeasuring))
        {
            _forbidden++;
            return _acknowledgesForbidden;
        }

        if (SensirionWord.TryDecode(rest, out int[] words)) // an argument with a wrong checksum is ignored: section 3.3
        {
            _answer = null;
            command.Execute(words);
        }

        return true;
    }

    /// <summary>Never acknowledged, and obeyed only by a sleeping chip; section 3.10.4.</summary>
    private bool WakeIfAsked(ReadOnlySpan<byte> bytes)
    {
        if (_sleeps && bytes is [WakeUp >> 8, WakeUp & 0xFF])
        {
            _commands.Find(WakeUp, 0)?.Execute([]);
        }

        return false;
    }

    private void Wake()
    {
        _sleeps = false;
        _isFresh = true;
        Occupy(_startUpMilliseconds);
    }

    /// <summary>
    /// The 1 ms of the quick commands is their longest time. Typically a chip is through with one by the time the bus has come round to it
    /// again: the kernel's driver reads without a pause. The board's clock does not count what the bus takes, so that is no time here.
    /// </summary>
    private void Occupy(int milliseconds) =>
        _busyUntil = _now + TimeSpan.FromMilliseconds(milliseconds == 1 ? _conversionTime.Of(0, 1) : milliseconds);

    private void Answer(params ReadOnlySpan<int> words) => _answer = SensirionWord.Encode(words);

    private void LoadSettings()
    {
        _inForce = _stored;
        _measurement = null;
        _answer = null;
        _singleShot = null;
    }

    private void ResetToFactory()
    {
        _stored = Scd41Memory.Factory;
        _correctionPpm = 0;
        LoadSettings();
    }

    /// <summary>The correction outlives the supply without being persisted; section 3.9.1.</summary>
    private void Recalibrate(int targetPpm)
    {
        bool isWarm = _rhythm.LastOperation >= TimeBeforeRecalibration;
        int correction = targetPpm - Scd41Converter.CarbonDioxideWord(_converter.CarbonDioxide(_now, _inForce) + _correctionPpm);
        if (isWarm) { _correctionPpm += correction; }

        Answer(isWarm ? (0x8000 + correction) & 0xFFFF : 0xFFFF);
        Occupy(400);
    }

    private void BringUpToDate()
    {
        _now = _surroundings.Elapsed;
        if (_rhythm.TryFinish(_now, out TimeSpan end)) { Measure(end, climateOnly: false, share: 1); }

        if (_singleShot is { } shot && _now >= shot.End)
        {
            _singleShot = null;
            Measure(shot.End, shot.ClimateOnly, _isFresh ? FirstShotShare : 1);
            _isFresh = false;
        }
    }

    private void Measure(TimeSpan at, bool climateOnly, double share)
    {
        (int temperature, int humidity) = _converter.Climate(at, _inForce);
        double ppm = climateOnly ? 0 : (_converter.CarbonDioxide(at, _inForce) + _correctionPpm) * share;
        _measurement = SensirionWord.Encode(Scd41Converter.CarbonDioxideWord(ppm), temperature, humidity);
    }
}
