using System.Device.I2c;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// Sensirion SHT31: temperature and relative humidity over I2C, without clock stretching. Source: SHT3x-DIS datasheet version 5; Alert Mode
/// of SHT3x-DIS version 1.
/// </summary>
public sealed class Sht31 : ISensor
{
    /// <summary>0x44 with ADDR low (default), 0x45 with ADDR high; section 3.4.</summary>
    private static readonly int[] Addresses = [0x44, 0x45];

    /// <summary>Operating ranges: tables 1 and 2.</summary>
    private static readonly Quantity Temperature = new("temperature", "degreeCelsius", -40, 125);
    private static readonly Quantity Humidity = new("humidity", "percent", 0, 100);

    /// <summary>Power-up and soft reset take at most 1.5 ms (table 4); the command is repeated until twice that.</summary>
    private static readonly TimeSpan StartUpTime = TimeSpan.FromMilliseconds(1.5);

    /// <summary>The least time between a command and what follows it; section 4.4.</summary>
    private static readonly TimeSpan CommandPause = TimeSpan.FromMilliseconds(1);

    private readonly SensirionCommands _commands;
    private readonly Sht31Settings _settings;
    private readonly TimeProvider _time;
    private bool _initialized;

    /// <summary>Takes ownership of the device. No transfer happens yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or the alert limits are not in order.</exception>
    public Sht31(I2cDevice device, Sht31Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _commands = new SensirionCommands(device, options.TransferAttempts);
        _settings = new Sht31Settings(options);
        _time = time;
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => CatalogEntry.Quantities;

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<Sht31Options>(Sht31OptionTable.Create(), static _ => [Temperature, Humidity], static (buses, connection, options, time) =>
        new Sht31(buses.OpenI2c(connection.BusId, connection.Address ?? Addresses[0]), options, time)))
    {
        Name = "SHT31",
        Description = "temperature and relative humidity",
        Addresses = Addresses,
        Quantities = [Temperature, Humidity],
    };

    /// <inheritdoc/>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        _initialized = false;
        await SendWhenAwakeAsync(Sht31Command.Break, cancellationToken); // a soft reset is obeyed only outside periodic mode: section 4.9
        await SendWhenAwakeAsync(Sht31Command.SoftReset, cancellationToken);
        await RequireIdentityAsync(cancellationToken);
        foreach ((ushort command, ushort word) in _settings.AlertWords) { await ConfigureAsync(command, word, cancellationToken); }

        if (_settings.Heater) { await ConfigureAsync(Sht31Command.HeaterOn, null, cancellationToken); }

        await ConfigureAsync(Sht31Command.ClearStatus, null, cancellationToken);
        if (_settings.IsPeriodic) { await ConfigureAsync(_settings.Measure, null, cancellationToken); }

        _initialized = true;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!_initialized || await HasLostItsSettingsAsync(cancellationToken)) { await InitializeAsync(cancellationToken); }

        Sht31Frame frame = await ReadAsync(cancellationToken);
        return new SensorReading(
        [
            Temperature.Checked(frame.Celsius, _commands.Place, Chip),
            Humidity.Checked(frame.Percent, _commands.Place, Chip),
        ]);
    }

    /// <summary>The number that the factory gave to this unit.</summary>
    /// <exception cref="SensorException">The chip does not answer, or measures by its own clock and so takes no such command.</exception>
    public async Task<uint> ReadSerialNumberAsync(CancellationToken cancellationToken)
    {
        ushort[] words = new ushort[2];
        _commands.Send(Sht31Command.ReadSerialNumber);
        await Task.Delay(CommandPause, _time, cancellationToken);
        _commands.Receive(words);
        return ((uint)words[0] << 16) | words[1];
    }

    /// <summary>Disposes the device. A chip that measures by its own clock goes on doing so.</summary>
    public void Dispose() => _commands.Dispose();

    private static string Hex(ushort value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:X4}");

    /// <summary>A checksum mismatch costs the measurement, since reading empties the chip's buffer, so the measurement is repeated, a bounded number of times.</summary>
    private async Task<Sht31Frame> ReadAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return _settings.IsPeriodic ? await FetchAsync(cancellationToken) : await MeasureOnceAsync(cancellationToken);
            }
            catch (SensorException failure) when (failure.Fault == SensorFault.ChecksumMismatch && attempt < _settings.Attempts)
            {
                // The next turn measures anew; what came is not used.
            }
        }
    }

    private async Task<Sht31Frame> MeasureOnceAsync(CancellationToken cancellationToken)
    {
        ushort[] words = new ushort[Sht31Frame.Words];
        _commands.Send(_settings.Measure);
        await WaitForAsync(words, null, _settings.TypicalTime, _settings.MaximumTime * 2, cancellationToken);
        return new Sht31Frame(words[0], words[1]);
    }

    private async Task<Sht31Frame> FetchAsync(CancellationToken cancellationToken)
    {
        ushort[] words = new ushort[Sht31Frame.Words];
        await WaitForAsync(words, Sht31Command.FetchData, CommandPause, (_settings.Period + _settings.MaximumTime) * 2, cancellationToken);
        return new Sht31Frame(words[0], words[1]);
    }

    /// <summary>The chip refuses to be read until it has finished, so asking is waiting. In periodic mode each question is a command of its own.</summary>
    private async Task WaitForAsync(ushort[] words, ushort? question, TimeSpan firstWait, TimeSpan limit, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        TimeSpan wait = firstWait;
        while (true)
        {
            if (question is { } command) { _commands.Send(command); }

            await Task.Delay(wait, _time, cancellationToken);
            bool late = _time.GetElapsedTime(start) >= limit; // judged before the look, so that a slow scheduler never fails a chip that is ready
            if (_commands.TryReceive(words)) { return; }

            if (late)
            {
                throw new SensorException(SensorFault.NotReady, string.Create(CultureInfo.InvariantCulture,
                    $"{_commands.Place}: the SHT31 had no measurement after {limit.TotalMilliseconds:0.#} ms, so it is gone or lost power meanwhile: check its supply."));
            }

            wait = question is null ? CommandPause : TimeSpan.FromTicks(Math.Max(CommandPause.Ticks, _settings.Period.Ticks / 20));
        }
    }

    /// <summary>The chip has no id. What it has is a status word with a checksum, in which a reset that has just been asked for must show.</summary>
    private async Task RequireIdentityAsync(CancellationToken cancellationToken)
    {
        await SendWhenAwakeAsync(Sht31Command.ReadStatus, cancellationToken);
        ushort status = ReceiveStatus();
        if ((status & (Sht31Command.ResetDetected | Sht31Command.AlwaysZero)) == Sht31Command.ResetDetected) { return; }

        throw new SensorException(SensorFault.WrongId,
            $"{_commands.Place}: answers with status {Hex(status)}, which an SHT31 never has after a reset: another chip has this address; configure that chip, or change the address strap.");
    }

    /// <summary>While it starts up the chip acknowledges nothing, so a command is offered until it does, or until it should have long since.</summary>
    private async Task SendWhenAwakeAsync(ushort command, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        while (_time.GetElapsedTime(start) < StartUpTime * 2)
        {
            if (_commands.TrySend(command))
            {
                await Task.Delay(CommandPause, _time, cancellationToken);
                return;
            }

            await Task.Delay(CommandPause, _time, cancellationToken);
        }

        _commands.Send(command); // the last offer, which throws if it is refused too
        await Task.Delay(CommandPause, _time, cancellationToken);
    }

    private async Task ConfigureAsync(ushort command, ushort? argument, CancellationToken cancellationToken)
    {
        if (argument is { } word) { _commands.Send(command, word); } else { _commands.Send(command); }

        await Task.Delay(CommandPause, _time, cancellationToken);
        ushort status = await ReadStatusAsync(cancellationToken);
        if ((status & (Sht31Command.CommandFailed | Sht31Command.WriteChecksumFailed)) != 0)
        {
            throw new SensorException(SensorFault.NotReady, $"{_commands.Place}: the SHT31 refused command {Hex(command)} (status {Hex(status)}): power-cycle it.");
        }
    }

    /// <summary>A brown-out, or a chip plugged in anew, shows as the reset flag, which initialisation clears (section 4.11), or as a chip that is just starting.</summary>
    private async Task<bool> HasLostItsSettingsAsync(CancellationToken cancellationToken)
    {
        if (!_commands.TrySend(Sht31Command.ReadStatus)) { return true; }

        await Task.Delay(CommandPause, _time, cancellationToken);
        ushort status = ReceiveStatus();
        return (status & Sht31Command.ResetDetected) != 0 || ((status & Sht31Command.HeaterIsOn) != 0) != _settings.Heater;
    }

    private async Task<ushort> ReadStatusAsync(CancellationToken cancellationToken)
    {
        _commands.Send(Sht31Command.ReadStatus);
        await Task.Delay(CommandPause, _time, cancellationToken);
        return ReceiveStatus();
    }

    private ushort ReceiveStatus()
    {
        Span<ushort> status = stackalloc ushort[1];
        _commands.Receive(status);
        return status[0];
    }
}
