namespace Node.Sensors.Emulation;

/// <summary>
/// The commands of an emulated SCD41: codes, times, and what is allowed during periodic measurement; and the settings that they change, in
/// force and stored. Source: SCD4x datasheet version 1.4, table 9; three settings of version 1.5, without which the vendor's newer drivers
/// fail.
/// </summary>
internal sealed class Scd41Commands
{
    private readonly CommandTable _table;
    private readonly Scd41Measuring _measuring;
    private readonly Scd41Reply _reply;
    private readonly Func<TimeSpan> _now;
    private Scd41Memory _stored = Scd41Memory.Factory;

    public Scd41Commands(CommandTable table, Scd41Measuring measuring, Scd41Reply reply, Func<TimeSpan> now)
    {
        _table = table;
        _measuring = measuring;
        _reply = reply;
        _now = now;
    }

    private Scd41Memory InForce
    {
        get => _measuring.InForce;
        set => _measuring.InForce = value;
    }

    /// <param name="startUpMilliseconds">How long a reinitialisation takes.</param>
    /// <param name="serialNumber">Three words.</param>
    /// <param name="sleep">Sends the chip to sleep.</param>
    public void Describe(int startUpMilliseconds, int[] serialNumber, Action sleep)
    {
        Do(0x21B1, "start periodic measurement", 0, () => _measuring.StartPeriodic(_now(), seconds: 5));
        Do(0x21AC, "start low power periodic measurement", 0, () => _measuring.StartPeriodic(_now(), seconds: 30));
        Do(0x3F86, "stop periodic measurement", 500, () => _measuring.StopPeriodic(_now()), whileMeasuring: true);
        Do(0x219D, "measure single shot", 5000, () => _measuring.StartSingleShot(_now(), 5000, climateOnly: false));
        Do(0x2196, "measure single shot, humidity and temperature only", 50, () => _measuring.StartSingleShot(_now(), 50, climateOnly: true));
        Do(0x3615, "persist settings", 800, () => _stored = InForce with { Pressure = null });
        Do(0x3632, "perform factory reset", 1200, ResetToFactory);
        Do(0x3646, "reinit", startUpMilliseconds, LoadSettings);
        Do(0x36E0, "power down", 1, sleep);
        Tell(0xEC05, "read measurement", 1, () => _reply.Give(_measuring.Take()), words: 3, whileMeasuring: true);
        Tell(0xE4B8, "get data ready status", 1, () => _reply.Answer(_measuring.HasMeasurement ? 0x8006 : 0x8000), whileMeasuring: true);
        Tell(0x3682, "get serial number", 1, () => _reply.Answer(serialNumber), words: 3);
        Tell(0x202F, "get sensor variant", 1, () => _reply.Answer(0x1440));
        Tell(0x3639, "perform self test", 10_000, () => _reply.Answer(0));
        Setting(0x2318, 0x241D, "temperature offset", static all => all.TemperatureOffset, static (all, word) => all with { TemperatureOffset = word });
        Setting(0x2322, 0x2427, "sensor altitude", static all => all.Altitude, static (all, word) => all with { Altitude = word });
        Setting(0x2313, 0x2416, "automatic self calibration enabled", static all => all.SelfCalibration, static (all, word) => all with { SelfCalibration = word });
        Setting(0x233F, 0x243A, "automatic self calibration target", static all => all.CalibrationTarget, static (all, word) => all with { CalibrationTarget = word });
        Setting(0x2340, 0x2445, "automatic self calibration initial period", static all => all.InitialPeriod, static (all, word) => all with { InitialPeriod = word });
        Setting(0x234B, 0x244E, "automatic self calibration standard period", static all => all.StandardPeriod, static (all, word) => all with { StandardPeriod = word });
        Setting(0xE000, 0xE000, "ambient pressure", static all => all.ShownPressure, static (all, word) => all with { Pressure = word }, whileMeasuring: true);
        _table.Add(0x362F, "perform forced recalibration", words => Recalibrate(words[0]), argumentWords: 1, responseWords: 1);
    }

    /// <summary>Power-up, or a reinitialisation: what was stored is in force, and what was measured is forgotten.</summary>
    public void LoadSettings()
    {
        InForce = _stored;
        _measuring.ForgetMeasurements();
        _reply.Forget();
    }

    private void ResetToFactory()
    {
        _stored = Scd41Memory.Factory;
        _measuring.ForgetCorrection();
        LoadSettings();
    }

    private void Recalibrate(int targetPpm)
    {
        _reply.Answer(_measuring.Recalibrate(_now(), targetPpm));
        _reply.Occupy(_now(), 400);
    }

    private void Do(int code, string name, int milliseconds, Action execute, bool whileMeasuring = false) =>
        Tell(code, name, milliseconds, execute, words: 0, whileMeasuring);

    private void Tell(int code, string name, int milliseconds, Action execute, int words = 1, bool whileMeasuring = false) => _table.Add(code, name, _ =>
    {
        execute();
        _reply.Occupy(_now(), milliseconds);
    }, argumentWords: 0, words, whileMeasuring);

    private void Setting(int get, int set, string name, Func<Scd41Memory, int> read, Func<Scd41Memory, int, Scd41Memory> change, bool whileMeasuring = false)
    {
        Tell(get, $"get {name}", 1, () => _reply.Answer(read(InForce)), words: 1, whileMeasuring);
        _table.Add(set, $"set {name}", words =>
        {
            InForce = change(InForce, words[0]);
            _reply.Occupy(_now(), 1);
        }, argumentWords: 1, whileMeasuring: whileMeasuring);
    }
}
