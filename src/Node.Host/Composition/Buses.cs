using System.Globalization;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Remote;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Host.Composition;

/// <summary>Opens the buses that the configuration names; emulated ones carry the very chips that are configured as sensors.</summary>
internal static class Buses
{
    /// <exception cref="BoardFileException">The board file is none; its faults name line and field.</exception>
    /// <exception cref="InvalidDataException">The trace is no readable CSV; the text names file and line.</exception>
    /// <exception cref="IOException">The trace cannot be read.</exception>
    /// <param name="options">Which buses, and what is wired to them.</param>
    /// <param name="time">Source of instants.</param>
    /// <param name="logger">Told of a remote bus's connection.</param>
    /// <param name="board">The board of emulated chips, where these buses are its; null to make one.</param>
    public static SharedBusProvider Open(NodeOptions options, TimeProvider time, ILogger? logger = null, EmulatedBoard? board = null)
    {
        IBusProvider buses = Choose(options, time, logger, board);
        return new SharedBusProvider(
            options.Bus.RecordTrace is { } file ? new RecordingBusProvider(buses, BusTraceWriter.Create(file, buses.Name, time)) : buses, time, options.Bus.I2cClockHertz);
    }

    /// <summary>Opens the driver of a configured sensor; no transfer happens yet.</summary>
    /// <exception cref="SensorException">The bus cannot be opened.</exception>
    public static ISensor OpenSensor(SensorOptions sensor, IBusProvider buses, TimeProvider time) =>
        SensorCatalog.Open(Connection(sensor), sensor.ChipOptions, buses, time);

    /// <summary>Switches the board of emulated chips on: that of the board file, else one made of the configured sensors, each chip under its sensor's name.</summary>
    /// <exception cref="BoardFileException">The board file is none; its faults name line and field.</exception>
    /// <exception cref="InvalidDataException">The trace is no readable CSV; the text names file and line.</exception>
    /// <exception cref="IOException">The trace cannot be read.</exception>
    public static EmulatedBoard CreateBoard(NodeOptions options, TimeProvider time) => options.Bus.EmulatedBoard is { } file
        ? BoardFile.Load(file).CreateBoard(time)
        : new EmulatedBoard(Board(options), Room(options.Bus), time);

    private static IBusProvider Choose(NodeOptions options, TimeProvider time, ILogger? logger, EmulatedBoard? board) => options.Bus.Provider switch
    {
        BusProviderKind.Remote => new RemoteBusProvider(new RemoteBusOptions { Endpoint = options.Bus.Remote! }, time, logger),
        BusProviderKind.Emulated => new EmulatedBusProvider(board ?? CreateBoard(options, time)),
        BusProviderKind.Replay => new ReplayBusProvider(BusTrace.Load(options.Bus.ReplayTrace!), options.Bus.ReplayMode, time),
        _ => new LinuxBusProvider(options.Bus.GpioChip),
    };

    private static EmulatedBoardOptions Board(NodeOptions options) => new()
    {
        Seed = options.Bus.EmulatedSeed,
        Chips = [.. options.Sensors.Where(IsOnABus).Select(Chip).Concat(Muxes(options.Sensors))],
    };

    private static bool IsOnABus(SensorOptions sensor) => sensor.Address is not null || sensor.ChipSelect is not null;

    /// <summary>The emulated chip is wired as the sensor is configured: its interrupt output to the pin that the driver listens to.</summary>
    private static EmulatedChipOptions Chip(SensorOptions sensor)
    {
        SensorConnection connection = Connection(sensor);
        return new EmulatedChipOptions
        {
            Name = sensor.Name,
            Chip = SensorCatalog.TryFind(sensor.Chip, out SensorChip? chip) ? chip.Part ?? chip.Name : sensor.Chip,
            BusId = connection.BusId,
            Address = connection.Address,
            SpiBusId = connection.SpiBusId,
            ChipSelect = connection.ChipSelect,
            Mux = connection.Mux,
            InterruptPin = sensor.ChipOptions.Where(option => option.Key.EndsWith("Pin", StringComparison.OrdinalIgnoreCase))
                .Select(option => (int?)int.Parse(option.Value, CultureInfo.InvariantCulture)).FirstOrDefault(),
            ReferenceVolts = sensor.ChipOptions.TryGetValue("ReferenceVolts", out string? volts) ? double.Parse(volts, CultureInfo.InvariantCulture) : 3.3,
        };
    }

    private static IEnumerable<EmulatedChipOptions> Muxes(IEnumerable<SensorOptions> sensors) => sensors
        .Where(sensor => sensor.Mux is not null).Select(sensor => (sensor.Bus, sensor.Mux!.Value.Address)).Distinct()
        .Select(mux => new EmulatedChipOptions { Chip = "TCA9548A", BusId = mux.Bus, Address = mux.Address });

    private static SensorConnection Connection(SensorOptions sensor) => new()
    {
        Chip = sensor.Chip,
        BusId = sensor.Bus,
        Address = sensor.Address,
        SpiBusId = sensor.SpiBus,
        ChipSelect = sensor.ChipSelect ?? 0,
        Mux = sensor.Mux,
    };

    private static Ambient Room(BusOptions bus) => bus.EmulatedTrace is { } trace
        ? Ambient.FromTrace(CsvTrace.Load(trace), bus.EmulatedSpeed, bus.EmulatedSeed)
        : GeneratedRoom.Create(bus.EmulatedSeed);
}
