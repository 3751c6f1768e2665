using System.Globalization;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Sensors.Signals;

/// <summary>
/// Vibration as telemetry: each measurement takes a window of consecutive samples of an ADXL345 and condenses it, axis by axis. A window with
/// a gap is thrown away and counted. What does not move has no crest factor and no dominant frequency, and the reading then lacks them.
/// </summary>
public sealed class Adxl345Vibration : ISensor
{
    private const int Attempts = 3;

    private static readonly string[] Axes = ["X", "Y", "Z"];

    private readonly Adxl345Recorder _recorder;
    private readonly SignalAnalyzer _analyzer;
    private readonly double[][] _window;
    private int _filled;
    private int _clipped;
    private long _overruns;

    /// <summary>Takes ownership of the recorder.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Adxl345Vibration(Adxl345Recorder recorder, VibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _recorder = recorder;
        _analyzer = new SignalAnalyzer(options.WindowLength, 1 / recorder.Period.TotalSeconds, options.Bands);
        _window = [.. Axes.Select(_ => new double[options.WindowLength])];
        Quantities = QuantitiesOf(options);
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities { get; }

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<VibrationOptions>(VibrationOptionTable.Create(), QuantitiesOf, Open))
    {
        Name = "ADXL345Vibration",
        Part = "ADXL345",
        Description = "vibration along three axes, condensed on the node",
        Bus = SensorBus.Spi,
        Addresses = [],
        Quantities = QuantitiesOf(new VibrationOptions()),
    };

    /// <summary>Nothing to do before the first window: the recorder starts the chip.</summary>
    public Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <exception cref="SensorException">The chip does not answer, or samples were lost in three windows (<see cref="SensorFault.NotReady"/>).</exception>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        await _recorder.ReadAsync(cancellationToken); // what has been waiting since the last window, with an end that nobody knows
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TryFillAsync(cancellationToken)) { return Condense(); }
        }

        throw new SensorException(SensorFault.NotReady, string.Create(CultureInfo.InvariantCulture,
            $"ADXL345Vibration: samples were lost in {Attempts} windows in a row: lower the rate, or give the node more processor time."));
    }

    /// <summary>Records every sample for a while into a file of its own. No measurement may be under way.</summary>
    /// <param name="folder">Where the file goes.</param>
    /// <param name="sensorName">The name in file and header.</param>
    /// <param name="duration">More than 0 and at most <see cref="BurstCapture.Longest"/>.</param>
    /// <param name="time">Stamps the start.</param>
    /// <param name="cancellationToken">Ends the burst early; what was recorded stays as a part for <see cref="BurstFolder.Recover"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is outside its range.</exception>
    /// <exception cref="SensorException">The chip fails; the part stays.</exception>
    /// <exception cref="IOException">The disk is full or gone; the part stays.</exception>
    public Task<Burst> CaptureAsync(BurstFolder folder, string sensorName, TimeSpan duration, TimeProvider time, CancellationToken cancellationToken) =>
        new BurstCapture(_recorder, folder, time).RecordAsync(sensorName, duration, cancellationToken);

    /// <summary>Disposes the recorder.</summary>
    public void Dispose() => _recorder.Dispose();

    private static ISensor Open(IBusProvider buses, SensorConnection connection, VibrationOptions options, TimeProvider time) => SensorOpening.WithPins(buses, gpio =>
        new Adxl345Vibration(Adxl345Recorder.Open(buses, connection, gpio, new Adxl345RecorderOptions { Sensor = options.Sensor, Pin = options.Pin }, time), options));

    private static Quantity[] QuantitiesOf(VibrationOptions options)
    {
        double largest = 2 << (int)options.Sensor.Range;
        double nyquist = 0.5 / options.Sensor.Period.TotalSeconds;
        IEnumerable<Quantity> OfAxis(string axis) =>
        [
            new($"rms{axis}", "gForce", 0, largest * 2), new($"peak{axis}", "gForce", 0, largest * 2), new($"peakToPeak{axis}", "gForce", 0, largest * 2),
            new($"crestFactor{axis}", "unity", 1, Math.Sqrt(options.WindowLength)), new($"dominantFrequency{axis}", "hertz", 0, nyquist),
            .. Enumerable.Range(1, options.Bands).Select(band => new Quantity(string.Create(CultureInfo.InvariantCulture, $"band{band}Rms{axis}"), "gForce", 0, largest * 2)),
        ];
        return [.. Axes.SelectMany(OfAxis), new("clippedSamples", "unity", 0, options.WindowLength), new("overruns", "unity", 0, 1e15)];
    }

    private async ValueTask<bool> TryFillAsync(CancellationToken cancellationToken)
    {
        (_filled, _clipped) = (0, 0);
        while (_filled < _analyzer.Length)
        {
            Adxl345Batch batch = await _recorder.ReadAsync(cancellationToken);
            if (batch.MayFollowGap)
            {
                _overruns++;
                return false;
            }

            Take(batch.Readings);
        }

        return true;
    }

    private void Take(IReadOnlyList<Adxl345Reading> readings)
    {
        for (int i = 0; i < readings.Count && _filled < _analyzer.Length; i++, _filled++)
        {
            Adxl345Reading reading = readings[i];
            (_window[0][_filled], _window[1][_filled], _window[2][_filled]) = (reading.XG, reading.YG, reading.ZG);
            _clipped += reading.IsClipped ? 1 : 0;
        }
    }

    private SensorReading Condense()
    {
        List<QuantityValue> values = new(Quantities.Count);
        int next = 0;
        foreach (double[] samples in _window)
        {
            SignalSummary summary = _analyzer.Analyze(samples);
            foreach (double? value in (ReadOnlySpan<double?>)[summary.Rms, summary.Peak, summary.PeakToPeak, summary.CrestFactor, summary.DominantHertz]) { Add(value); }

            foreach (double rms in _analyzer.BandRms) { Add(rms); }
        }

        Add(_clipped);
        Add(_overruns);
        return new SensorReading(values);

        void Add(double? value)
        {
            Quantity quantity = Quantities[next++];
            if (value is { } known) { values.Add(new QuantityValue(quantity, Math.Clamp(known, quantity.Minimum, quantity.Maximum))); }
        }
    }
}
