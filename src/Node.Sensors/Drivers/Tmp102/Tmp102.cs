using System.Buffers.Binary;
using System.Device.I2c;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// Texas Instruments TMP102: temperature over I2C. Sleeps between measurements. The chip has no identity; it is known by bits of its
/// configuration that cannot be changed and by keeping those that can. Source: TMP102 datasheet SBOS397.
/// </summary>
public sealed class Tmp102 : ISensor
{
    private const double DegreesPerCount = 0.0625;

    /// <summary>What the driver writes: asleep, everything else as after power-on.</summary>
    private const ushort Asleep = Tmp102Register.Resolution | Tmp102Register.Shutdown | Tmp102Register.FourPerSecond;

    /// <summary>ADD0 to ground (default), supply, SDA, SCL; table 4.</summary>
    private static readonly int[] Addresses = [0x48, 0x49, 0x4A, 0x4B];

    private static readonly Quantity Temperature = new("temperature", "degreeCelsius", -40, 125);

    /// <summary>A conversion takes 26 ms, at most 35 (section 6.5); asked every millisecond until twice that.</summary>
    private static readonly TimeSpan TypicalTime = TimeSpan.FromMilliseconds(26);
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(70);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(1);

    private readonly I2cRegisters _registers;
    private readonly TimeProvider _time;
    private bool _initialized;

    /// <summary>Takes ownership of the device. No transfer happens yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Tmp102(I2cDevice device, Tmp102Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _registers = new I2cRegisters(device, options.TransferAttempts);
        _time = time;
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => CatalogEntry.Quantities;

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<Tmp102Options>(Tmp102Options.Table, static _ => [Temperature],
        static (buses, connection, options, time) => new Tmp102(buses.OpenI2c(connection.BusId, connection.Address ?? Addresses[0]), options, time)))
    {
        Name = "TMP102",
        Description = "temperature",
        Addresses = Addresses,
        Quantities = [Temperature],
    };

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _initialized = false;
        Configure(Asleep);
        ushort kept = Read(Tmp102Register.Configuration);
        if ((kept & ~Tmp102Register.State) != Asleep)
        {
            throw new SensorException(SensorFault.WrongId, string.Create(CultureInfo.InvariantCulture,
                $"{_registers.Place}: keeps 0x{kept:X4} where a TMP102 keeps 0x{Asleep:X4}: another chip has this address; configure that chip, or change the address strap."));
        }

        _initialized = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!_initialized) { await InitializeAsync(cancellationToken); }

        Configure(Asleep | Tmp102Register.OneShot);
        await WaitAsync(cancellationToken);
        double celsius = ((short)Read(Tmp102Register.Temperature) >> 4) * DegreesPerCount;
        return new SensorReading([Temperature.Checked(celsius, _registers.Place, Chip)]);
    }

    /// <summary>Disposes the device. The chip stays asleep, as it is after every measurement.</summary>
    public void Dispose() => _registers.Dispose();

    /// <summary>A chip that is awake again lost power meanwhile: its temperature register may be that of before.</summary>
    private async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        for (TimeSpan wait = TypicalTime; ; wait = PollPeriod)
        {
            await Task.Delay(wait, _time, cancellationToken);
            bool late = _time.GetElapsedTime(start) >= Limit; // judged before the look, for the sake of a slow scheduler
            ushort now = Read(Tmp102Register.Configuration);
            if ((now & ~Tmp102Register.State) != Asleep)
            {
                _initialized = false;
                throw new SensorException(SensorFault.NotReady, $"{_registers.Place}: the TMP102 lost power while it measured: check its supply.");
            }

            if ((now & Tmp102Register.OneShot) != 0) { return; }
            if (late) { throw new SensorException(SensorFault.NotReady, $"{_registers.Place}: the TMP102 did not finish a measurement in 70 ms: power-cycle it."); }
        }
    }

    private void Configure(ushort word) => _registers.Write(Tmp102Register.Configuration, (byte)(word >> 8), (byte)word);

    private ushort Read(byte register)
    {
        Span<byte> word = stackalloc byte[2];
        _registers.Read(register, word);
        return BinaryPrimitives.ReadUInt16BigEndian(word);
    }
}
