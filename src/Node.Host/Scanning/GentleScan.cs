using Node.Host.Sensing;
using Node.Sensors.Bus;

namespace Node.Host.Scanning;

/// <summary>
/// Looks at the I2C buses while the node samples, and disturbs nothing: it goes through the shared bus, one address at a time; an address at
/// which a sensor or a multiplexer is configured is not touched, for its sensor tells how it is. One scan at a time, at most one in five seconds.
/// </summary>
internal sealed class GentleScan(IBusProvider buses, IReadOnlyList<int> machineBuses, SensorArray sensors, TimeProvider time) : IDisposable
{
    private const string Answers = "answers";

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly ChipIdentification _identification = new(buses, time);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private GentleReport? _last;
    private long _lastAt;

    /// <summary>Scans, or gives the report of a moment ago.</summary>
    public async Task<GentleReport> ScanAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is null || time.GetElapsedTime(_lastAt) > Rest)
            {
                _last = await Task.Run(() => ScanAllAsync(cancellationToken), cancellationToken); // A bus may block.
                _lastAt = time.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What is known without a transfer: the sensors as they are now, and what else the last scan found.</summary>
    public GentleReport Known()
    {
        ILookup<int, GentleChip> others = (_last?.Buses ?? []).SelectMany(bus => bus.Chips.Where(chip => chip.State == Answers).Select(chip => (bus.Bus, Chip: chip))).ToLookup(each => each.Bus, each => each.Chip);
        ILookup<int, GentleChip> configured = sensors.Channels.Where(IsOnI2c).ToLookup(sensor => sensor.Options.Bus, Configured);
        IEnumerable<int> numbers = configured.Select(bus => bus.Key).Union(others.Select(bus => bus.Key)).Order();
        return new GentleReport(buses.Name, time.GetUtcNow(), [.. numbers.Select(bus => new GentleBus(bus, [.. configured[bus].Concat(others[bus]).OrderBy(chip => chip.Address)], null))]);
    }

    public void Dispose() => _turn.Dispose();

    private async Task<GentleReport> ScanAllAsync(CancellationToken cancellationToken)
    {
        List<GentleBus> found = [];
        foreach (int bus in machineBuses.Union(sensors.Channels.Where(IsOnI2c).Select(sensor => sensor.Options.Bus)).Order())
        {
            found.Add(await ScanAsync(bus, cancellationToken));
        }

        return new GentleReport(buses.Name, time.GetUtcNow(), found);
    }

    private async Task<GentleBus> ScanAsync(int bus, CancellationToken cancellationToken)
    {
        ILookup<int, SensorChannel> configured = sensors.Channels.Where(sensor => IsOnI2c(sensor) && sensor.Options.Bus == bus).ToLookup(sensor => sensor.Options.Address!.Value);
        HashSet<int> muxes = [.. configured.SelectMany(place => place).Where(sensor => sensor.Options.Mux is not null).Select(sensor => sensor.Options.Mux!.Value.Address)];
        List<GentleChip> chips = [];
        try
        {
            using TransferProbe probe = new TransferProbe(buses, bus);
            for (int address = I2cGrid.First; address <= I2cGrid.Last; address++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (muxes.Contains(address))
                {
                    chips.Add(new GentleChip(address, "configured", "TCA9548A multiplexer", null, null));
                }
                else if (configured[address].Any())
                {
                    chips.AddRange(configured[address].Select(Configured));
                }
                else if (probe.Probe(address) == AddressState.Answers)
                {
                    ChipGuess? guess = await _identification.IdentifyAsync(bus, address, cancellationToken);
                    chips.Add(new GentleChip(address, Answers, guess?.Chip, null, null));
                }
            }

            return new GentleBus(bus, chips, null);
        }
        catch (SensorException unavailable)
        {
            return new GentleBus(bus, chips, unavailable.Message);
        }
    }

    private static GentleChip Configured(SensorChannel sensor) => new(
        sensor.Options.Address!.Value, sensor.Status.State switch { SensorState.Ok => "ok", SensorState.Starting => "configured", _ => "fault" }, sensor.Options.Chip, sensor.Name,
        sensor.Options.Mux is { } mux ? $"0x{mux.Address:X2}/{mux.Channel}" : null);

    private static bool IsOnI2c(SensorChannel sensor) => sensor.Options.Address is not null;
}
