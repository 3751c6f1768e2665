using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Host.Tests.TestKit;

/// <summary>A sensor that reads what the test says, or fails.</summary>
internal sealed class ScriptedSensor : ISensor
{
    private static readonly Quantity Temperature = new("temperature", "degreeCelsius", -40, 85);
    private static readonly Quantity Pressure = new("pressure", "kilopascal", 30, 110);

    public string Chip => "Scripted";

    public IReadOnlyList<Quantity> Quantities { get; } = [Temperature, Pressure];

    public double Celsius { get; set; } = 21.5;

    public SensorException? Failure { get; set; }

    public int Initialisations { get; private set; }

    public int Measurements { get; private set; }

    /// <summary>Completed by the test when a measurement may end; null for at once.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public Task InitializeAsync(CancellationToken cancellationToken)
    {
        Initialisations++;
        return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
    }

    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        Measurements++;
        if (Hold is { } hold)
        {
            await hold.Task.WaitAsync(cancellationToken);
        }

        return Failure is null
            ? new SensorReading([new QuantityValue(Temperature, Celsius), new QuantityValue(Pressure, 100.65)])
            : throw Failure;
    }

    public void Dispose()
    {
    }
}
