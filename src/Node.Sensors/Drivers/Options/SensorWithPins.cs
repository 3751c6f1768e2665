using System.Device.Gpio;

namespace Node.Sensors.Drivers;

/// <summary>A sensor whose pins were opened for it alone, and are closed with it.</summary>
internal sealed class SensorWithPins(ISensor sensor, GpioController gpio) : ISensor
{
    public ISensor Driver => sensor;

    public string Chip => sensor.Chip;

    public IReadOnlyList<Quantity> Quantities => sensor.Quantities;

    public Task InitializeAsync(CancellationToken cancellationToken) => sensor.InitializeAsync(cancellationToken);

    public ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken) => sensor.MeasureAsync(cancellationToken);

    public void Dispose()
    {
        sensor.Dispose();
        gpio.Dispose();
    }
}
