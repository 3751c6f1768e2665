using Node.Host.Automation;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Filters;

namespace Node.Host.Configuration;

/// <summary>Reads the section of one sensor; which settings there are depends on its chip.</summary>
internal sealed class SensorOptionsReader(SettingsReader settings)
{
    private const int MostDecimals = 10;
    private const int MostReadings = 1_000_000;
    private const double MostValue = 1e12;

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestStuck = TimeSpan.FromDays(30);

    private static readonly int[] MuxAddresses = [0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77]; // A0 to A2 of the TCA9548A.

    public SensorOptions Read(string name)
    {
        string path = $"Node:Sensors:{name}";
        SensorChip? chip = ReadChip($"{path}:Chip");
        bool onSpi = chip?.Bus == SensorBus.Spi;
        bool onI2c = chip is null or { Bus: SensorBus.I2c };
        IReadOnlyDictionary<string, string> chipOptions = ReadChipOptions($"{path}:Options", chip, out IReadOnlyList<Quantity> measured);
        string[] quantities = [.. measured.Select(quantity => quantity.Name)];
        return new SensorOptions
        {
            Name = name,
            Chip = chip?.Name ?? "",
            Bus = onI2c ? settings.Integer($"{path}:Bus", 1, 0, 255) : 1,
            Address = onI2c ? settings.Address($"{path}:Address", chip?.Addresses ?? []) : null,
            Mux = onI2c ? ReadMux($"{path}:Mux") : null,
            SpiBus = onSpi ? settings.Integer($"{path}:SpiBus", 0, 0, 255) : 0,
            ChipSelect = onSpi ? settings.Integer($"{path}:ChipSelect", 0, 0, 31) : null,
            ChipOptions = chipOptions,
            Interval = settings.Period($"{path}:Interval", TimeSpan.FromSeconds(5), SensorOptions.ShortestInterval, SensorOptions.LongestInterval),
            Cron = ReadCron($"{path}:Cron"),
            Enabled = settings.Flag($"{path}:Enabled", true),
            Timeout = settings.Period($"{path}:Timeout", TimeSpan.FromSeconds(30), ShortestTimeout, LongestTimeout),
            Startup = settings.Choice($"{path}:Startup", StartupBehaviour.Retry,
                ("retry", StartupBehaviour.Retry), ("ignore", StartupBehaviour.Ignore), ("error", StartupBehaviour.Error)),
            Measured = measured,
            QuantityNames = quantities,
            Filters = ReadFilters($"{path}:Filters", quantities),
            Thresholds = ReadThresholds($"{path}:Thresholds", quantities),
            Quantities = ReadQuantities($"{path}:Quantities", quantities),
        };
    }

    /// <summary>What the chip is told, and what it then measures; the chip itself judges.</summary>
    private SortedDictionary<string, string> ReadChipOptions(string path, SensorChip? chip, out IReadOnlyList<Quantity> measured)
    {
        var given = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (SensorOption option in chip?.Options ?? [])
        {
            if (settings.ChipOption($"{path}:{option.Name}", option) is { } text)
            {
                given[option.Name] = text;
            }
        }

        var faults = new List<string>();
        measured = chip?.CheckOptions(given, path, faults) ?? [];
        faults.ForEach(settings.Fault);
        return given;
    }

    private SensorChip? ReadChip(string path)
    {
        string chips = string.Join(" or ", SensorCatalog.Chips.Select(known => known.Name));
        string? chipName = settings.Text(path, null, chips);
        if (chipName is not null && SensorCatalog.TryFind(chipName, out SensorChip? chip))
        {
            return chip;
        }

        string? meant = chipName is null ? null : SettingSuggestion.Nearest(chipName, SensorCatalog.Chips.Select(known => known.Name));
        settings.Fault(path, chipName is null ? $"is missing; allowed is {chips}"
            : $"'{chipName}' is not allowed; allowed is {chips}{(meant is null ? "" : $"; {meant} is meant?")}");
        return null;
    }

    private I2cMuxChannel? ReadMux(string path)
    {
        int address = settings.Address($"{path}:Address", MuxAddresses);
        int channel = settings.Integer($"{path}:Channel", -1, 0, 7);
        bool hasAddress = settings.IsSet($"{path}:Address");
        if (hasAddress && !settings.IsSet($"{path}:Channel"))
        {
            settings.Fault($"{path}:Channel", "is missing; give the multiplexer's channel, 0 to 7");
        }

        return hasAddress || channel >= 0 ? new I2cMuxChannel(address, Math.Max(channel, 0)) : null;
    }

    private CronSchedule? ReadCron(string path)
    {
        string? text = settings.Text(path, null, "five cron fields, or six with seconds first; UTC");
        if (text is null)
        {
            return null;
        }

        if (!CronSchedule.TryParse(text, out CronSchedule? cron, out string reason))
        {
            settings.Fault(path, $"'{text}' is not allowed; {reason}");
        }

        return cron;
    }

    private FilterMap ReadFilters(string path, string[] quantities)
    {
        IReadOnlyDictionary<string, string> keys = settings.Everything(path, "a map of quantities, each a map of steps such as 10_offset: docs/configuration.md");
        var faults = new List<string>();
        FilterMap filters = keys.Count == 0 ? FilterMap.None : FilterMap.Read(keys, path, quantities, faults);
        faults.ForEach(settings.Fault);
        return filters;
    }

    private ThresholdMap ReadThresholds(string path, string[] quantities)
    {
        IReadOnlyDictionary<string, string> keys = settings.Everything(path, "a map of thresholds such as hot, each with quantity, above or below: docs/automation.md");
        var faults = new List<string>();
        ThresholdMap thresholds = keys.Count == 0 ? ThresholdMap.None : ThresholdMap.Read(keys, path, quantities, faults);
        faults.ForEach(settings.Fault);
        return thresholds;
    }

    private Dictionary<string, QuantityOptions> ReadQuantities(string path, string[] quantities)
    {
        var read = new Dictionary<string, QuantityOptions>(StringComparer.Ordinal);
        foreach (string name in settings.Names(path))
        {
            string? known = quantities.FirstOrDefault(quantity => quantity.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (known is null && quantities.Length > 0)
            {
                settings.Fault($"{path}:{name}", $"the sensor has no such quantity; allowed is {string.Join(" or ", quantities)}");
            }

            read[known ?? name] = ReadQuantity($"{path}:{name}", known ?? name);
        }

        return read;
    }

    private QuantityOptions ReadQuantity(string path, string name)
    {
        int decimals = settings.Integer($"{path}:Decimals", -1, 0, MostDecimals);
        int readings = settings.Integer($"{path}:StuckReadings", 0, 2, MostReadings);
        TimeSpan stuck = settings.Period($"{path}:StuckAfter", TimeSpan.Zero, TimeSpan.Zero, LongestStuck);
        var plausible = new ValueMonitorSettings
        {
            Minimum = settings.Number($"{path}:Minimum", double.NegativeInfinity, -MostValue, MostValue),
            Maximum = settings.Number($"{path}:Maximum", double.PositiveInfinity, -MostValue, MostValue),
            StuckAfter = stuck > TimeSpan.Zero ? stuck : null,
            StuckReadings = readings > 0 ? readings : null,
            StuckTolerance = settings.Number($"{path}:StuckTolerance", 0, 0, MostValue),
        };
        if (plausible.Minimum > plausible.Maximum)
        {
            settings.Fault($"{path}:Minimum", FormattableString.Invariant($"{plausible.Minimum} is above the maximum {plausible.Maximum}; give the lower limit here"));
        }

        return new QuantityOptions { Name = name, Plausible = plausible, Decimals = decimals < 0 ? null : decimals };
    }
}
