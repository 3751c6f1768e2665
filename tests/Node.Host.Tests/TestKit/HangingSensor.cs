using Node.Sensors.Drivers;

namespace Node.Host.Tests.TestKit;

/// <summary>A sensor that hangs when told to: it ends its measurement only when the test lets it, deaf to cancellation.</summary>
internal sealed class HangingSensor : ISensor
{
    private static readonly Quantity Temperature = new("temperature", "degreeCelsius", -40, 85);

    private readonly List<TaskCompletionSource> _hanging = [];

    public bool Hangs { get; set; }

    public int Opened { get; private set; }

    public int Disposed { get; private set; }

    public int Measurements { get; private set; }

    public string Chip => "Hanging";

    public IReadOnlyList<Quantity> Quantities { get; } = [Temperature];

    public ISensor Open()
    {
        Opened++;
        return this;
    }

    /// <summary>Lets every measurement end that hangs.</summary>
    public void LetGo()
    {
        _hanging.ForEach(each => each.SetResult());
        _hanging.Clear();
    }

    public Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        Measurements++;
        if (Hangs)
        {
            var hang = new TaskCompletionSource();
            _hanging.Add(hang);
            await hang.Task;
        }

        return new SensorReading([new QuantityValue(Temperature, 20 + (Measurements / 10.0))]);
    }

    public void Dispose() => Disposed++;
}
