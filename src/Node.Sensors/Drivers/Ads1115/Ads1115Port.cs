using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>What the driver does with an ADS1115's registers. Owns them.</summary>
internal sealed class Ads1115Port(I2cRegisters registers, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(1);

    /// <summary>Bus and address, to begin an error text with.</summary>
    public string Place => registers.Place;

    /// <summary>Writes configuration and mark, and makes sure that they are kept: that is all there is of an identity.</summary>
    /// <exception cref="SensorException">They are not (<see cref="SensorFault.WrongId"/>).</exception>
    public void RequireKeeping(ushort config)
    {
        Write(Ads1115Register.Config, config);
        Write(Ads1115Register.LowThreshold, Ads1115Register.ReadyLineLowThreshold);
        Write(Ads1115Register.HighThreshold, Ads1115Register.ReadyLineHighThreshold);
        ushort kept = Read(Ads1115Register.Config);
        if (!HasKeptItsMark() || WithoutStatus(kept) != config) { throw NotThisChip(kept); }
    }

    /// <summary>Whether the thresholds, which make the pin a ready line, are still those that the driver wrote.</summary>
    public bool HasKeptItsMark() => Read(Ads1115Register.HighThreshold) == Ads1115Register.ReadyLineHighThreshold
        && Read(Ads1115Register.LowThreshold) == Ads1115Register.ReadyLineLowThreshold;

    /// <summary>Begins one conversion.</summary>
    public void Start(ushort config) => Write(Ads1115Register.Config, (ushort)(config | Ads1115Register.OperationalStatus));

    /// <summary>Asks until the status bit says that no conversion runs. Its register also tells whether it is still this driver's conversion.</summary>
    public async ValueTask WaitUntilIdleAsync(ushort config, TimeSpan firstWait, TimeSpan limit, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        TimeSpan wait = firstWait;
        while (true)
        {
            if (wait > TimeSpan.Zero) { await Task.Delay(wait, time, cancellationToken); }

            bool late = time.GetElapsedTime(start) >= limit; // judged before the look, so that a slow scheduler never fails a chip that is ready
            ushort now = Read(Ads1115Register.Config);
            if (WithoutStatus(now) != config) { throw LostItsSettings(); }
            if ((now & Ads1115Register.OperationalStatus) != 0) { return; }

            if (late)
            {
                throw new SensorException(SensorFault.NotReady, string.Create(CultureInfo.InvariantCulture,
                    $"{registers.Place}: the ADS1115 did not finish a conversion in {limit.TotalMilliseconds:0.#} ms: power-cycle it."));
            }

            wait = PollPeriod;
        }
    }

    /// <summary>The result of the conversion that ended last.</summary>
    public Ads1115Frame ReadConversion() => Ads1115Frame.Decode(BytesOf(Ads1115Register.Conversion));

    public SensorException LostItsSettings() => new(SensorFault.NotReady,
        $"{Place}: the ADS1115 lost its settings while it measured: check its supply, and that no other program uses it.");

    public void Dispose() => registers.Dispose();

    private static ushort WithoutStatus(ushort config) => (ushort)(config & ~Ads1115Register.OperationalStatus);

    private SensorException NotThisChip(ushort kept) => new(SensorFault.WrongId, kept is 0x0000 or 0xFFFF
        ? $"{registers.Place}: reads 0x{kept:X4} after every write, so the data line seems stuck: check wiring and pull-up resistors."
        : $"{registers.Place}: does not keep an ADS1115's settings: another chip has this address; configure that chip, or change the address strap.");

    private ushort Read(byte register)
    {
        byte[] bytes = BytesOf(register);
        return (ushort)((bytes[0] << 8) | bytes[1]);
    }

    private byte[] BytesOf(byte register)
    {
        byte[] bytes = new byte[Ads1115Frame.Length];
        registers.Read(register, bytes);
        return bytes;
    }

    private void Write(byte register, ushort word) => registers.Write(register, (byte)(word >> 8), (byte)word);
}
