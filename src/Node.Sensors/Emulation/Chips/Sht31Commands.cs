namespace Node.Sensors.Emulation;

/// <summary>
/// The commands of an emulated SHT31 beside those that reset it or end its rhythm, which are the chip's own. Source: SHT3x-DIS datasheet
/// version 5, tables 9 to 19; Alert Mode of SHT3x-DIS version 1.
/// </summary>
internal sealed class Sht31Commands(CommandTable table, Sht31Measuring measuring, Sht31Status status, Sht31Alert alert, Func<TimeSpan> now)
{
    /// <param name="serialNumber">32 bits.</param>
    /// <param name="onPeriodic">Called when a rhythm has begun.</param>
    public void Describe(int serialNumber, Action onPeriodic)
    {
        AddMeasurements(onPeriodic);
        table.Add(0xE000, "fetch data", _ => measuring.Fetch(), responseWords: 2, whileMeasuring: true);
        table.Add(0x306D, "heater on", _ => status.Heater = true);
        table.Add(0x3066, "heater off", _ => status.Heater = false);
        table.Add(Sht31Status.Read, "read status", _ => measuring.Answer(status.Word(alert)), responseWords: 1, whileMeasuring: true);
        table.Add(0x3041, "clear status", _ => ClearStatus(), whileMeasuring: true);
        table.Add(0x3780, "read serial number, stretching", _ => measuring.Answer(serialNumber >> 16, serialNumber & 0xFFFF), responseWords: 2);
        table.Add(0x3682, "read serial number", _ => measuring.Answer(serialNumber >> 16, serialNumber & 0xFFFF), responseWords: 2);
        (int Read, int Write, string Name)[] limits =
            [(0xE11F, 0x611D, "high set"), (0xE114, 0x6116, "high clear"), (0xE109, 0x610B, "low clear"), (0xE102, 0x6100, "low set")];
        for (int i = 0; i < limits.Length; i++)
        {
            int limit = i;
            table.Add(limits[i].Read, $"read alert limit {limits[i].Name}", _ => measuring.Answer(alert[limit]), responseWords: 1);
            table.Add(limits[i].Write, $"write alert limit {limits[i].Name}", words => alert[limit] = words[0], argumentWords: 1);
        }
    }

    private void AddMeasurements(Action onPeriodic)
    {
        foreach ((int code, int repeatability, bool stretches) in Sht31MeasurementCodes.Once)
        {
            table.Add(code, "single shot", _ => measuring.MeasureOnce(now(), repeatability, stretches), responseWords: 2);
        }

        foreach ((int code, int repeatability, TimeSpan period) in Sht31MeasurementCodes.Periodic)
        {
            table.Add(code, "periodic", _ => MeasureAgainAndAgain(repeatability, period));
        }

        table.Add(Sht31MeasurementCodes.Accelerated, "periodic with accelerated response time",
            _ => MeasureAgainAndAgain(Sht31MeasurementCodes.High, TimeSpan.FromMilliseconds(250)));

        void MeasureAgainAndAgain(int repeatability, TimeSpan period)
        {
            measuring.MeasureAgainAndAgain(now(), repeatability, period);
            onPeriodic();
        }
    }

    private void ClearStatus()
    {
        alert.Clear();
        status.Clear();
    }
}
