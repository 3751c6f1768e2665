using System.Text;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests;

/// <summary>A board out of a board file's text on a virtual clock, behind shared and recorded buses.</summary>
internal sealed class BoardBench : IDisposable
{
    private readonly StringWriter _trace = new();

    public BoardBench(string chips, string faults = "", int seed = 1)
    {
        string json = $$"""{"version":1,"seed":{{seed}},"chips":[{{chips}}],"faults":[{{faults}}]}""";
        Board = BoardFile.Parse(Encoding.UTF8.GetBytes(json), "bench").CreateBoard(Clock);
        Buses = new SharedBusProvider(new RecordingBusProvider(new EmulatedBusProvider(Board), new BusTraceWriter(_trace, "emulated", Clock)), Clock);
        Pass(100);
    }

    public FakeTimeProvider Clock { get; } = new();

    public EmulatedBoard Board { get; }

    public SharedBusProvider Buses { get; }

    /// <summary>What was recorded so far.</summary>
    public BusTrace Trace => BusTrace.Parse(new StringReader(_trace.ToString()), "bench");

    public ISensor Open(SensorConnection connection) => SensorCatalog.Open(connection, Buses, Clock);

    public Task<SensorReading> Measure(ISensor sensor, double stepMilliseconds = 0.5) =>
        Virtual.Run(Clock, sensor.MeasureAsync(TestContext.Current.CancellationToken), stepMilliseconds);

    public void Pass(double milliseconds) => Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    public void Dispose()
    {
        Buses.Dispose();
        Board.Dispose();
        _trace.Dispose();
    }
}
