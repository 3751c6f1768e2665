using System.Device.I2c;
using System.Globalization;
using Node.Host.Configuration;
using Node.Host.Machine;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Host.Scanning;

/// <summary>Looks at every bus there is, compares with what is configured, and says what is missing and what helps.</summary>
internal sealed class BusScanner(
    IBusProvider buses, BusInventory inventory, IReadOnlyList<SensorOptions> sensors, Func<int, IAddressProbe> probe, Func<SensorOptions, ISensor> open,
    TimeProvider time)
{
    private readonly ChipIdentification _identification = new(buses, time);
    private readonly List<ScanProblem> _problems = [];
    private readonly HashSet<(int Bus, int Address)> _recognized = [];

    /// <summary>Scans the buses, and behind multiplexers as far as <paramref name="reach"/> says.</summary>
    public async Task<ScanReport> ScanAsync(MuxReach reach, CancellationToken cancellationToken)
    {
        var found = new List<I2cBusFound>();
        IEnumerable<int> expected = sensors.Where(sensor => sensor.Address is not null).Select(sensor => sensor.Bus);
        foreach (int bus in inventory.I2c.Union(expected).Order())
        {
            await ScanBusAsync(bus, reach, found, cancellationToken);
        }

        if (found.Count == 0 && _problems.Count == 0)
        {
            AddMissing(DeviceKind.I2c, DeviceNode.I2c(1));
        }

        List<SpiPlaceFound> spi = [];
        foreach ((int bus, int chipSelect) in inventory.Spi.Union(sensors.Where(sensor => sensor.ChipSelect is not null).Select(sensor => (sensor.SpiBus, sensor.ChipSelect!.Value))).Order())
        {
            spi.Add(await ScanSpiAsync(bus, chipSelect, cancellationToken));
        }

        CheckGpio();
        return new ScanReport(buses.Name, found, spi, [.. inventory.Gpio.Select(chip => new GpioChipFound(chip.Node, chip.Label, chip.Lines))], _problems);
    }

    private async Task ScanBusAsync(int bus, MuxReach reach, List<I2cBusFound> found, CancellationToken cancellationToken)
    {
        try
        {
            using IAddressProbe asked = probe(bus);
            I2cGrid grid = I2cGrid.Scan(asked);
            if (reach == MuxReach.Every)
            {
                await RecognizeAsync(bus, grid, cancellationToken);
            }

            found.Add(await DescribeAsync(bus, null, grid, cancellationToken));
            foreach (I2cMuxChannel mux in Channels(bus, reach))
            {
                await ScanChannelAsync(bus, mux, asked, grid, found, cancellationToken);
            }
        }
        catch (SensorException unavailable)
        {
            int cut = unavailable.Message.IndexOf("; ", StringComparison.Ordinal);
            _problems.Add(cut < 0
                ? new ScanProblem(DeviceNode.I2c(bus), unavailable.Message, "see the message")
                : new ScanProblem(DeviceNode.I2c(bus), unavailable.Message[..cut], unavailable.Message[(cut + 2)..]));
        }
    }

    /// <summary>The configured channels, and all eight of each multiplexer that was recognised.</summary>
    private IEnumerable<I2cMuxChannel> Channels(int bus, MuxReach reach) => reach == MuxReach.None ? [] : sensors
        .Where(sensor => sensor.Bus == bus && sensor.Mux is not null).Select(sensor => sensor.Mux!.Value)
        .Concat(_recognized.Where(mux => mux.Bus == bus).SelectMany(mux => Enumerable.Range(0, I2cMuxChannel.ChannelCount).Select(channel => new I2cMuxChannel(mux.Address, channel))))
        .Distinct().OrderBy(mux => (mux.Address, mux.Channel));

    private async Task RecognizeAsync(int bus, I2cGrid grid, CancellationToken cancellationToken)
    {
        foreach (int address in grid.Found.Where(address => address is >= I2cMuxChannel.LowestAddress and <= I2cMuxChannel.HighestAddress && grid[address] == AddressState.Answers))
        {
            if (await _identification.IdentifyAsync(bus, address, cancellationToken) is { ById: true })
            {
                continue;
            }

            using I2cDevice device = buses.OpenI2c(bus, address);
            if (MuxRecognition.IsMux(device))
            {
                _recognized.Add((bus, address));
            }
        }
    }

    /// <summary>Opens one channel, scans and closes every channel again, as the multiplexer is after power-on. A channel that nobody configured shows only what is not on the bus itself.</summary>
    private async Task ScanChannelAsync(int bus, I2cMuxChannel mux, IAddressProbe asked, I2cGrid trunk, List<I2cBusFound> found, CancellationToken cancellationToken)
    {
        using I2cDevice device = buses.OpenI2c(bus, mux.Address);
        try
        {
            device.WriteByte((byte)(1 << mux.Channel));
            I2cGrid grid = I2cGrid.Scan(asked);
            bool isConfigured = sensors.Any(sensor => sensor.Bus == bus && sensor.Mux == mux);
            grid = isConfigured ? grid : grid.Without(trunk);
            if (isConfigured || grid.Found.Count > 0)
            {
                found.Add(await DescribeAsync(bus, mux, grid, cancellationToken));
            }

            device.WriteByte(0);
        }
        catch (IOException)
        {
            _problems.Add(new ScanProblem($"{DeviceNode.I2c(bus)} 0x{mux.Address:X2}", "the multiplexer does not answer",
                "check its power, its reset line and its address straps; compare Node:Sensors:{name}:Mux:Address"));
        }
    }

    private async Task<I2cBusFound> DescribeAsync(int bus, I2cMuxChannel? mux, I2cGrid grid, CancellationToken cancellationToken)
    {
        List<SensorOptions> here = [.. sensors.Where(sensor => sensor.Address is not null && sensor.Bus == bus && Equals(sensor.Mux, mux))];
        List<I2cChipFound> chips = [];
        foreach (int address in grid.Found.Where(address => !IsMux(bus, mux, address)))
        {
            chips.Add(await DescribeAsync(bus, address, grid[address], here, cancellationToken));
        }

        if (mux is null)
        {
            chips.AddRange(grid.Found.Where(address => IsMux(bus, null, address)).Select(address =>
                _recognized.Contains((bus, address))
                    ? new I2cChipFound(Hex(address), "answers", "TCA9548A multiplexer", true, "keeps the channels' bits", null)
                    : new I2cChipFound(Hex(address), "answers", "TCA9548A multiplexer", false, null, null)));
        }

        foreach (SensorOptions absent in here.Where(sensor => grid[sensor.Address!.Value] == AddressState.Silent))
        {
            _problems.Add(new ScanProblem(Place(absent), $"{absent.Name}: no {absent.Chip} answers at {Hex(absent.Address!.Value)}",
                "check power, wiring and the address strap; whatever does answer stands in the grid"));
        }

        return new I2cBusFound(bus, DeviceNode.I2c(bus), mux is { } channel ? $"0x{channel.Address:X2}/{channel.Channel}" : null, chips, grid.ToString());
    }

    private async Task<I2cChipFound> DescribeAsync(int bus, int address, AddressState state, List<SensorOptions> here, CancellationToken cancellationToken)
    {
        ChipGuess? guess = state == AddressState.Answers ? await _identification.IdentifyAsync(bus, address, cancellationToken) : null;
        SensorOptions? sensor = here.FirstOrDefault(each => each.Address == address);
        if (sensor is not null && state == AddressState.TakenByDriver)
        {
            _problems.Add(new ScanProblem(Place(sensor), $"{sensor.Name}: a driver of the kernel has {Hex(address)}",
                "remove the dtoverlay of that driver from config.txt (balena: BALENA_HOST_CONFIG_dtoverlay), or unload it with modprobe -r"));
        }
        else if (sensor is not null && guess is { Detail: not null } && guess.Chip != sensor.Chip && (guess.ById || guess.Chip == "unknown"))
        {
            _problems.Add(new ScanProblem(Place(sensor), $"{sensor.Name}: configured is a {sensor.Chip}, but {guess.Detail}, which is {(guess.ById ? guess.Chip : "none that is known")}",
                SensorCatalog.TryFind(guess.Chip, out SensorChip? known) ? $"set Node:Sensors:{sensor.Name}:Chip to {known.Name}, or change the chip" : "change the chip, or the address strap"));
        }

        return new I2cChipFound(Hex(address), state == AddressState.TakenByDriver ? "driver" : "answers", guess?.Chip, guess?.ById ?? false, guess?.Detail, sensor?.Name);
    }

    /// <summary>A chip select has no acknowledge: only a configured chip is asked, by its driver; a chip that nobody knows might take a read for a write.</summary>
    private async Task<SpiPlaceFound> ScanSpiAsync(int bus, int chipSelect, CancellationToken cancellationToken)
    {
        string node = DeviceNode.Spi(bus, chipSelect);
        SensorOptions? sensor = sensors.FirstOrDefault(each => each.ChipSelect == chipSelect && each.SpiBus == bus);
        string? chip = null;
        if (sensor is not null)
        {
            try
            {
                using ISensor opened = open(sensor);
                await opened.InitializeAsync(cancellationToken);
                chip = sensor.Chip;
            }
            catch (Exception failure) when (failure is SensorException or ArgumentException)
            {
                bool exists = buses.Name != "linux" || inventory.Spi.Contains((bus, chipSelect));
                (string problem, string remedy) = exists
                    ? ($"{sensor.Name}: {failure.Message}", "check the wiring, and that the chip hangs on this chip select")
                    : DeviceNode.Explain(DeviceKind.Spi, node, LinuxCalls.NoEntry);
                _problems.Add(new ScanProblem(node, problem, remedy));
            }
        }

        return new SpiPlaceFound(bus, chipSelect, node, chip, sensor?.Name);
    }

    private void CheckGpio()
    {
        foreach (GpioChip chip in inventory.Gpio.Where(chip => chip.Errno != 0))
        {
            (string problem, string remedy) = DeviceNode.Explain(DeviceKind.Gpio, chip.Node, chip.Errno);
            _problems.Add(new ScanProblem(chip.Node, problem, remedy));
        }
    }

    private void AddMissing(DeviceKind kind, string node)
    {
        (string problem, string remedy) = DeviceNode.Explain(kind, node, LinuxCalls.NoEntry);
        _problems.Add(new ScanProblem(node, problem, remedy));
    }

    private bool IsMux(int bus, I2cMuxChannel? at, int address) =>
        (_recognized.Contains((bus, address)) || sensors.Any(sensor => sensor.Bus == bus && sensor.Mux?.Address == address)) && (at is null || at.Value.Address == address);

    private static string Place(SensorOptions sensor) =>
        $"{DeviceNode.I2c(sensor.Bus)}{(sensor.Mux is { } mux ? string.Create(CultureInfo.InvariantCulture, $" 0x{mux.Address:X2}/{mux.Channel}") : "")}";

    private static string Hex(int address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x2}");
}
