namespace Node.Sensors.Emulation;

/// <summary>
/// The physical world around the emulated chips. Each quantity may be exchanged while the board runs; the next conversion sees the new one.
/// </summary>
public sealed class Ambient
{
    /// <summary>Air temperature in °C. Default 21.</summary>
    public Stimulus TemperatureCelsius { get; set; } = Stimulus.Constant(21.0);

    /// <summary>Relative humidity in percent. Default 45.</summary>
    public Stimulus HumidityPercent { get; set; } = Stimulus.Constant(45.0);

    /// <summary>Air pressure in pascals. Default 101,325.</summary>
    public Stimulus PressurePascals { get; set; } = Stimulus.Constant(101_325.0);

    /// <summary>Illuminance in lux. Default 300.</summary>
    public Stimulus LightLux { get; set; } = Stimulus.Constant(300.0);

    /// <summary>Carbon dioxide in parts per million. Default 600.</summary>
    public Stimulus CarbonDioxidePpm { get; set; } = Stimulus.Constant(600.0);

    /// <summary>
    /// What lies on the inputs of analog-to-digital converters, in volts against ground; a converter with fewer inputs uses the first ones.
    /// Eight, each to be exchanged on its own. Default 0.25 V on the first and 0.25 V more on each further one, so that mixed-up inputs show.
    /// </summary>
    public IList<Stimulus> InputVolts { get; } = Enumerable.Range(1, 8).Select(static input => Stimulus.Constant(0.25 * input)).ToArray();

    /// <summary>Acceleration along a chip's x axis in standard gravities, gravity included. Default 0.</summary>
    public Stimulus AccelerationXG { get; set; } = Stimulus.Constant(0.0);

    /// <summary>Acceleration along a chip's y axis in standard gravities, gravity included. Default 0.</summary>
    public Stimulus AccelerationYG { get; set; } = Stimulus.Constant(0.0);

    /// <summary>Acceleration along a chip's z axis in standard gravities, gravity included. Default 1: at rest and the right way up.</summary>
    public Stimulus AccelerationZG { get; set; } = Stimulus.Constant(1.0);

    /// <summary>Angular rate about a chip's x axis in degrees per second. Default 0.</summary>
    public Stimulus AngularRateXDegreesPerSecond { get; set; } = Stimulus.Constant(0.0);

    /// <summary>Angular rate about a chip's y axis in degrees per second. Default 0.</summary>
    public Stimulus AngularRateYDegreesPerSecond { get; set; } = Stimulus.Constant(0.0);

    /// <summary>Angular rate about a chip's z axis in degrees per second. Default 0.</summary>
    public Stimulus AngularRateZDegreesPerSecond { get; set; } = Stimulus.Constant(0.0);

    /// <summary>
    /// The world as a recorded trace has it (columns <c>Temperature</c>, <c>Humidity</c>, <c>Pressure</c> in pascals, <c>Light</c>,
    /// <c>CO2</c>, as far as they exist); what the trace lacks comes from <see cref="GeneratedRoom"/>.
    /// </summary>
    /// <param name="trace">A loaded trace.</param>
    /// <param name="speed">Seconds of the trace that pass in one second of the board. Default 1; greater than 0.</param>
    /// <param name="seed">Fixes what is generated.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="speed"/> is not a positive number.</exception>
    public static Ambient FromTrace(CsvTrace trace, double speed = 1.0, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(trace);
        Ambient room = GeneratedRoom.Create(seed);
        return new Ambient
        {
            TemperatureCelsius = trace.TryColumn("Temperature", speed) ?? room.TemperatureCelsius,
            HumidityPercent = trace.TryColumn("Humidity", speed) ?? room.HumidityPercent,
            PressurePascals = trace.TryColumn("Pressure", speed) ?? room.PressurePascals,
            LightLux = trace.TryColumn("Light", speed) ?? room.LightLux,
            CarbonDioxidePpm = trace.TryColumn("CO2", speed) ?? room.CarbonDioxidePpm,
        };
    }
}
