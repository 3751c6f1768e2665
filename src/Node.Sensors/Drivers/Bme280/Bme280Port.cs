using System.Device.I2c;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>What the driver does with a BME280's registers. Owns the device.</summary>
internal sealed class Bme280Port(I2cDevice device, int attempts, Bme280Settings settings, TimeProvider time) : IDisposable
{
    /// <summary>Start-up and reset take at most 2 ms (section 1.1, table 1); asked every millisecond until twice that.</summary>
    private static readonly TimeSpan StartUpTime = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(1);

    private readonly I2cRegisters _registers = new(device, attempts);

    /// <summary>Bus and address, to begin an error text with.</summary>
    public string Place => _registers.Place;

    public void RequireId()
    {
        byte id = _registers.Read(Bme280Register.Id);
        if (id == Bme280Register.Bme280Id) { return; }

        string text = id switch
        {
            Bme280Register.Bmp280Id => "answers as a BMP280 (id 0x58), which has no humidity channel: fit a BME280, or configure the chip as what it is",
            0x00 or 0xFF => $"answers with id {Hex(id)}, so the data line seems stuck: check wiring and pull-up resistors",
            _ => $"answers with id {Hex(id)} where a BME280 has 0x60: another chip has this address; configure that chip, or change the address strap",
        };
        throw new SensorException(SensorFault.WrongId, $"{_registers.Place}: {text}.");
    }

    /// <summary>Puts every register back, so that nothing of an earlier program is left, and waits until the factory memory was copied.</summary>
    public async ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        _registers.Write(Bme280Register.Reset, Bme280Register.ResetWord);
        await WaitUntilClearAsync(Bme280Register.ImageUpdate, StartUpTime, StartUpTime * 2, "its start-up", cancellationToken);
    }

    /// <summary>
    /// Read twice, because the words carry no checksum and serve every later reading: one bit lost to noise would falsify them all, long after
    /// the noise has gone.
    /// </summary>
    public Bme280Calibration ReadCalibration()
    {
        const int LowLength = Bme280Register.CalibrationLowLength;
        Span<byte> words = stackalloc byte[LowLength + Bme280Register.CalibrationHighLength];
        Span<byte> again = stackalloc byte[words.Length];
        ReadCalibration(words);
        ReadCalibration(again);
        if (!words.SequenceEqual(again))
        {
            throw new SensorException(SensorFault.BadCalibration,
                $"{_registers.Place}: the BME280's factory calibration reads differently twice, so bits get lost on the way: check cable length, pull-up resistors and supply.");
        }

        ReadOnlySpan<byte> low = words[..LowLength];
        ReadOnlySpan<byte> high = words[LowLength..];
        return Bme280Calibration.TryParse(low, high, out Bme280Calibration? calibration)
            ? calibration
            : throw new SensorException(SensorFault.BadCalibration,
                $"{_registers.Place}: the BME280's factory calibration is blank: power-cycle the chip, and replace it if that does not help.");
    }

    /// <summary>
    /// Humidity oversampling takes effect with the measurement control that follows it (section 5.4.3), and the configuration must be written
    /// asleep (section 5.4.6). Each in a transaction of its own: what several bytes in one mean is a rule of this chip alone (section 6.2.1),
    /// and emulations that others wrote often take them for consecutive registers.
    /// </summary>
    public void ApplySettings()
    {
        _registers.Write(Bme280Register.Configuration, settings.Configuration);
        _registers.Write(Bme280Register.ControlHumidity, settings.ControlHumidity);
        _registers.Write(Bme280Register.ControlMeasurement, settings.ControlMeasurementAsleep);
    }

    /// <summary>
    /// A brown-out puts the control registers back to zero without any other sign. Comparing them before each measurement also finds a chip
    /// that was unplugged and replaced, and costs one transfer of four bytes.
    /// </summary>
    public bool HasLostItsSettings()
    {
        Span<byte> control = stackalloc byte[Bme280Register.ControlLength];
        _registers.Read(Bme280Register.ControlHumidity, control);
        return !settings.AreInForce(control);
    }

    /// <summary>One forced measurement, waited for.</summary>
    public async ValueTask<Bme280Frame> MeasureAsync(CancellationToken cancellationToken)
    {
        _registers.Write(Bme280Register.ControlMeasurement, (byte)(settings.ControlMeasurementAsleep | Bme280Register.ForcedMode));
        await WaitUntilClearAsync(Bme280Register.Measuring, settings.TypicalTime, settings.MaximumTime * 2, "a measurement", cancellationToken);
        return ReadFrame();
    }

    public void Dispose() => _registers.Dispose();

    private static string Hex(byte value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:X2}");

    private void ReadCalibration(Span<byte> words)
    {
        _registers.Read(Bme280Register.CalibrationLow, words[..Bme280Register.CalibrationLowLength]);
        _registers.Read(Bme280Register.CalibrationHigh, words[Bme280Register.CalibrationLowLength..]);
    }

    private async ValueTask WaitUntilClearAsync(byte statusBit, TimeSpan typical, TimeSpan limit, string what, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        TimeSpan wait = typical;
        while (true)
        {
            await Task.Delay(wait, time, cancellationToken);
            bool late = time.GetElapsedTime(start) >= limit; // judged before the look, so that a slow scheduler never fails a chip that is ready
            if ((_registers.Read(Bme280Register.Status) & statusBit) == 0) { return; }

            if (late)
            {
                throw new SensorException(SensorFault.NotReady, string.Create(CultureInfo.InvariantCulture,
                    $"{_registers.Place}: the BME280 did not finish {what} in {limit.TotalMilliseconds:0.#} ms: power-cycle it."));
            }

            wait = PollPeriod;
        }
    }

    /// <summary>
    /// One burst, so that no two measurements mix (section 4). It begins at the control registers: if they are back at zero, the chip lost
    /// power while it measured, and what the data registers hold is their reset value, which would pass for weather.
    /// </summary>
    private Bme280Frame ReadFrame()
    {
        Span<byte> raw = stackalloc byte[Bme280Register.ControlToDataLength];
        _registers.Read(Bme280Register.ControlHumidity, raw);
        return settings.AreInForce(raw)
            ? Bme280Frame.Decode(raw[^Bme280Frame.Length..])
            : throw new SensorException(SensorFault.NotReady, $"{_registers.Place}: the BME280 lost power while it measured: check its supply.");
    }
}
