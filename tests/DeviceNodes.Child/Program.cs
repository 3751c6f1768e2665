using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using System.Globalization;
using DeviceNodes.Child;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Gpio;
using Node.Sensors.Bus.Remote;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

// Uses the machine's buses through System.Device.Gpio, as the node does; the parent shows it emulated device nodes.
// Arguments: "read", "lines OUTPUT INPUT EDGES", "record FILE PROVIDER", "random FILE PROVIDER BOARD SEED COUNT", "samples WATERMARK COUNT AMPLITUDE MICROSECONDS PIN", or
// "latency PROVIDER"; PROVIDER is linux, remote:ADDRESS or emulated:BOARD.
var held = new HeldTime(args[0] is "record" or "random" && !args[2].StartsWith("emulated:", StringComparison.Ordinal) ? TellParent : null);
using IBusProvider buses = args[0] switch
{
    "record" or "random" => Recording(args[1], args[2]),
    "latency" => Open(args[1]),
    _ => new LinuxBusProvider(),
};
if (args[0] is "read" or "record")
{
    await ReadEveryChipAsync();
}
else if (args[0] == "random")
{
    var transfers = new RandomTransfers(buses, BoardFile.Load(args[3]).Options, held.Pass, int.Parse(args[4], CultureInfo.InvariantCulture));
    transfers.Run(int.Parse(args[5], CultureInfo.InvariantCulture));
}
else if (args[0] == "latency")
{
    MeasureLatency();
}
else if (args[0] == "samples")
{
    CultureInfo culture = CultureInfo.InvariantCulture;
    await new SampleRun(buses, int.Parse(args[5], culture), int.Parse(args[1], culture)).RunAsync(
        long.Parse(args[2], culture), double.Parse(args[3], culture), TimeSpan.FromMicroseconds(long.Parse(args[4], culture)));
}
else
{
    UseLines(int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
}

// The board of another process has a time of its own, which moves when the parent says so.
static void TellParent(TimeSpan wait)
{
    Console.WriteLine($"wait {wait.Ticks}");
    _ = Console.ReadLine();
}

RecordingBusProvider Recording(string file, string provider)
{
    IBusProvider inner = Open(provider);
    return new RecordingBusProvider(inner, BusTraceWriter.Create(file, inner.Name, TimeProvider.System));
}

IBusProvider Open(string provider)
{
    string place = provider[(provider.IndexOf(':', StringComparison.Ordinal) + 1)..];
    return provider.Split(':')[0] switch
    {
        "remote" when RemoteBusEndpoint.TryParse(place, out RemoteBusEndpoint? endpoint, out _) => new RemoteBusProvider(new RemoteBusOptions { Endpoint = endpoint }, TimeProvider.System),
        "emulated" => new EmulatedBusProvider(BoardFile.Load(place).CreateBoard(held)),
        _ => new LinuxBusProvider(),
    };
}

// One register of a BME280, twenty thousand times: the least that a transfer costs.
void MeasureLatency()
{
    const int Transfers = 20_000;
    using I2cDevice chip = buses.OpenI2c(1, 0x76);
    double[] microseconds = new double[Transfers];
    byte[] id = new byte[1];
    for (int i = -1_000; i < Transfers; i++)
    {
        long began = TimeProvider.System.GetTimestamp();
        chip.WriteRead([0xD0], id);
        microseconds[Math.Max(i, 0)] = TimeProvider.System.GetElapsedTime(began).TotalMicroseconds;
    }

    Array.Sort(microseconds);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {microseconds[Transfers / 2]:0.0} us, 99th percentile {microseconds[Transfers * 99 / 100]:0.0} us"));
}

async Task ReadEveryChipAsync()
{
    // A recording must not depend on how fast this machine is; what reports by edges does, and stays out of it.
    TimeProvider time = args[0] == "record" ? held : TimeProvider.System;
    foreach (BoardWiring wired in BoardWiring.Everything.Where(wired => args[0] == "read" || wired.IsPolled))
    {
        using ISensor sensor = SensorCatalog.Open(wired.Connection, wired.Options, buses, time);
        await sensor.InitializeAsync(CancellationToken.None);
        SensorReading reading = await sensor.MeasureAsync(CancellationToken.None);
        Console.WriteLine($"{wired.Connection.Chip}: {string.Join(' ', reading.Values.Select(static value => string.Create(CultureInfo.InvariantCulture, $"{value.Quantity.Name}={value.Value:0.###}")))}");
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
