using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using System.Globalization;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Remote;
using Node.Sensors.Bus.Gpio;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

// Uses the machine's buses through System.Device.Gpio, as the node does; the parent shows it emulated device nodes.
// Arguments: "read", "lines OUTPUT INPUT EDGES", or "record FILE linux|remote:ADDRESS|emulated:BOARD".
using IBusProvider buses = args[0] == "record" ? Recording(args[1], args[2]) : new LinuxBusProvider();
if (args[0] is "read" or "record")
{
    await ReadEveryChipAsync();
}
else
{
    UseLines(int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
}

static IBusProvider Recording(string file, string provider)
{
    string place = provider[(provider.IndexOf(':', StringComparison.Ordinal) + 1)..];
    IBusProvider inner = provider.Split(':')[0] switch
    {
        "remote" when RemoteBusEndpoint.TryParse(place, out RemoteBusEndpoint? endpoint, out _) => new RemoteBusProvider(new RemoteBusOptions { Endpoint = endpoint }, TimeProvider.System),
        "emulated" => new EmulatedBusProvider(BoardFile.Load(place).CreateBoard(TimeProvider.System)),
        _ => new LinuxBusProvider(),
    };
    return new RecordingBusProvider(inner, BusTraceWriter.Create(file, inner.Name, TimeProvider.System));
}

async Task ReadEveryChipAsync()
{
    foreach (SensorChip chip in SensorCatalog.Chips)
    {
        var connection = new SensorConnection { Chip = chip.Name, ChipSelect = chip.Name == "ADXL345" ? 1 : 0 };
        using ISensor sensor = SensorCatalog.Open(connection, buses, TimeProvider.System);
        await sensor.InitializeAsync(CancellationToken.None);
        SensorReading reading = await sensor.MeasureAsync(CancellationToken.None);
        Console.WriteLine($"{chip.Name}: {string.Join(' ', reading.Values.Select(static value => string.Create(CultureInfo.InvariantCulture, $"{value.Quantity.Name}={value.Value:0.###}")))}");
    }

    if (args[0] == "record")
    {
        return;
    }

    using I2cDevice nobody = buses.OpenI2c(1, 0x10);
    Console.WriteLine($"absent chip: {MessageOf(() => nobody.WriteByte(0))}");
    using SpiDevice absent = buses.OpenSpi(new SpiConnectionSettings(0, 2));
    Console.WriteLine($"absent select: {MessageOf(() => absent.ReadByte())}");
}

void UseLines(int output, int input, int edges)
{
    using GpioController gpio = buses.OpenGpio();
    using var all = new CountdownEvent(edges);
    int timed = 0;
    gpio.OpenPin(output, PinMode.Output, PinValue.High);
    gpio.OpenPin(input, PinMode.Input);
    gpio.RegisterCallbackForPinValueChangedEvent(input, PinEventTypes.Rising | PinEventTypes.Falling, (_, edge) =>
    {
        timed += edge is TimedPinEdge { At.Ticks: > 0 } ? 1 : 0;
        Console.WriteLine($"edge {edge.ChangeType}");
        if (!all.IsSet)
        {
            all.Signal();
        }
    });
    Console.WriteLine($"listening, output reads {gpio.Read(output)}");
    all.Wait();
    gpio.Write(output, PinValue.Low);
    Console.WriteLine($"done, output reads {gpio.Read(output)}");
    Console.WriteLine($"{timed} edges with the kernel's time");
    Console.WriteLine($"a line in use: {MessageOf(() => buses.OpenGpio().OpenPin(input, PinMode.Input))}");
}

static string MessageOf(Action action)
{
    try
    {
        action();
        return "no failure";
    }
    catch (IOException failure)
    {
        return failure.Message;
    }
}
