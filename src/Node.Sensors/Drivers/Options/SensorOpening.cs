using System.Device.Gpio;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>How a chip's sensor comes from options as texts.</summary>
internal abstract class SensorOpening
{
    /// <summary>An empty map of options.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoOptions = new Dictionary<string, string>();

    public abstract IReadOnlyList<SensorOption> Options { get; }

    /// <summary>What a sensor with these options measures; with a fault, what one with default options does.</summary>
    public abstract IReadOnlyList<Quantity> Check(IReadOnlyDictionary<string, string> options, string path, ICollection<string> faults);

    public abstract ISensor Open(IBusProvider buses, SensorConnection connection, IReadOnlyDictionary<string, string> options, TimeProvider time);

    /// <summary>Opens pins for a sensor and closes them with it.</summary>
    public static ISensor WithPins(IBusProvider buses, Func<GpioController, ISensor> open)
    {
        GpioController gpio = buses.OpenGpio();
        try
        {
            return new SensorWithPins(open(gpio), gpio);
        }
        catch
        {
            gpio.Dispose();
            throw;
        }
    }
}

/// <inheritdoc/>
/// <param name="table">The chip's options.</param>
/// <param name="quantities">What a sensor with such options measures.</param>
/// <param name="open">Makes it.</param>
internal sealed class SensorOpening<T>(
    SensorOptionTable<T> table, Func<T, IReadOnlyList<Quantity>> quantities, Func<IBusProvider, SensorConnection, T, TimeProvider, ISensor> open) : SensorOpening
    where T : class
{
    public override IReadOnlyList<SensorOption> Options => table.Options;

    public override IReadOnlyList<Quantity> Check(IReadOnlyDictionary<string, string> options, string path, ICollection<string> faults)
    {
        int before = faults.Count;
        T record = table.Read(options, path, faults);
        return quantities(faults.Count == before ? record : table.Defaults);
    }

    public override ISensor Open(IBusProvider buses, SensorConnection connection, IReadOnlyDictionary<string, string> options, TimeProvider time)
    {
        List<string> faults = [];
        T record = table.Read(options, "Options", faults);
        return faults.Count == 0 ? open(buses, connection, record, time) : throw new ArgumentException(string.Join("; ", faults), nameof(options));
    }
}
